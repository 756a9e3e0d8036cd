import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import Banner from './Banner.svelte';
import RadioList from './RadioList.svelte';
import Select from './Select.svelte';
import Switch from './Switch.svelte';
import { expectNoViolations } from './testing/axe';
import { text } from './testing/snippets';

describe('Select', () => {
  it('offers the options under its name and tells what was chosen', async () => {
    const onchange = vi.fn();
    const options = [
      { value: '5', label: '5 minutes' },
      { value: '10', label: '10 minutes' },
    ];
    render(Select, { label: 'Lock after', options, value: '5', onchange });
    const list = screen.getByRole('combobox', { name: 'Lock after' });
    await userEvent.selectOptions(list, '10 minutes');
    expect(onchange).toHaveBeenCalledWith('10');
    await expectNoViolations();
  });
});

describe('RadioList', () => {
  it('explains each option, and why one cannot be chosen', async () => {
    const options = [
      { value: 'owner', label: 'Owner', text: 'Does everything.', reason: 'Only an owner can.' },
      { value: 'reader', label: 'Reader', text: 'Uses credentials.' },
    ];
    render(RadioList, { label: 'Role', options, value: 'reader' });
    expect(screen.getByRole('group', { name: 'Role' })).toBeVisible();
    const reader = screen.getByRole('radio', { name: 'Reader' });
    expect(reader).toBeChecked();
    expect(reader).toHaveAccessibleDescription('Uses credentials.');
    const owner = screen.getByRole('radio', { name: 'Owner' });
    expect(owner).toBeDisabled();
    expect(owner).toHaveAccessibleDescription('Only an owner can.');
    await expectNoViolations();
  });
});

describe('Switch', () => {
  it('is turned by key, and asks for the other state', async () => {
    const onchange = vi.fn();
    render(Switch, { label: 'Lock with the screen', checked: true, onchange });
    await userEvent.tab();
    expect(screen.getByRole('switch', { name: 'Lock with the screen' })).toHaveFocus();
    await userEvent.keyboard(' ');
    expect(onchange).toHaveBeenCalledWith(false);
    await expectNoViolations();
  });

  it('stays and says why it cannot be turned', async () => {
    const onchange = vi.fn();
    render(Switch, { label: 'Key ring', checked: false, reason: 'None is running.', onchange });
    const control = screen.getByRole('switch');
    await userEvent.click(control);
    expect(onchange).not.toHaveBeenCalled();
    expect(control).toHaveAccessibleDescription('None is running.');
  });
});

describe('Banner', () => {
  it('can be hidden only where that is offered', async () => {
    const ondismiss = vi.fn();
    const { rerender } = render(Banner, { children: text('Not checked yet.'), ondismiss });
    await userEvent.click(screen.getByRole('button', { name: 'Hide until the next unlock' }));
    expect(ondismiss).toHaveBeenCalled();
    await expectNoViolations();
    await rerender({ ondismiss: undefined });
    expect(screen.queryByRole('button')).toBeNull();
  });
});
