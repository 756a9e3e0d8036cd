import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import Button from './Button.svelte';
import { expectNoViolations } from './testing/axe';
import { text } from './testing/snippets';

const children = text('Rotate');

describe('Button', () => {
  it('acts on click, Enter and Space', async () => {
    const user = userEvent.setup();
    const onclick = vi.fn();
    render(Button, { children, onclick });
    await user.click(screen.getByRole('button', { name: 'Rotate' }));
    await user.keyboard('{Enter} ');
    expect(onclick).toHaveBeenCalledTimes(3);
    await expectNoViolations();
  });

  it('keeps its name free of icon and key hint', () => {
    render(Button, { children, icon: 'rotate', kbd: 'Mod+R' });
    const button = screen.getByRole('button', { name: 'Rotate' });
    expect(button).toHaveAttribute('aria-keyshortcuts', 'Control+R');
    expect(button).toHaveTextContent('Ctrl R');
  });

  it('takes the name of an icon button from its label', async () => {
    render(Button, { icon: 'close', label: 'Close' });
    expect(screen.getByRole('button', { name: 'Close' })).toBeVisible();
    await expectNoViolations();
  });

  it('stays reachable and says why it does not work', async () => {
    const user = userEvent.setup();
    const onclick = vi.fn();
    render(Button, { children, onclick, reason: 'The vault is read-only.' });
    const button = screen.getByRole('button', { name: 'Rotate' });
    await user.tab();
    expect(button).toHaveFocus();
    await user.keyboard('{Enter}');
    await user.click(button);
    expect(onclick).not.toHaveBeenCalled();
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAccessibleDescription('The vault is read-only.');
    await expectNoViolations();
  });

  it('does nothing twice while it is busy, not even submit a form', async () => {
    const user = userEvent.setup();
    const submitted = vi.fn((event: Event) => event.preventDefault());
    const form = document.body.appendChild(document.createElement('form'));
    form.addEventListener('submit', submitted);
    render(Button, { target: form, props: { children, busy: true, type: 'submit' } });
    const button = screen.getByRole('button', { name: 'Rotate' });
    await user.click(button);
    expect(submitted).not.toHaveBeenCalled();
    expect(button).toHaveAttribute('aria-busy', 'true');
    form.remove();
  });
});
