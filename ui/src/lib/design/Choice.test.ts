import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import Choice from './Choice.svelte';
import { expectNoViolations } from './testing/axe';

const options = [
  { value: 'system', label: 'System', icon: 'monitor' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

describe('Choice', () => {
  it('is a named group with one chosen option', async () => {
    render(Choice, { label: 'Theme', options, value: 'light' });
    expect(screen.getByRole('radiogroup', { name: 'Theme' })).toBeVisible();
    expect(screen.getByRole('radio', { name: 'Light' })).toBeChecked();
    await expectNoViolations();
  });

  it('is one stop for Tab; arrows move and choose', async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(Choice, { label: 'Theme', options, value: 'light', onchange });
    await user.tab();
    expect(screen.getByRole('radio', { name: 'Light' })).toHaveFocus();
    await user.keyboard('{ArrowRight}');
    expect(screen.getByRole('radio', { name: 'Dark' })).toBeChecked();
    expect(onchange).toHaveBeenLastCalledWith('dark');
    await user.tab();
    expect(document.body).toHaveFocus();
  });

  it('chooses on click', async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(Choice, { label: 'Theme', options, value: 'light', onchange });
    await user.click(screen.getByRole('radio', { name: 'System' }));
    expect(onchange).toHaveBeenCalledExactlyOnceWith('system');
  });
});
