import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import Field from './Field.svelte';
import { expectNoViolations } from './testing/axe';
import { text } from './testing/snippets';

describe('Field', () => {
  it('is named by its label and takes text', async () => {
    const user = userEvent.setup();
    render(Field, { label: 'Vault name', hint: 'Shown in the title.' });
    await user.click(screen.getByText('Vault name'));
    await user.keyboard('Acme');
    const input = screen.getByRole('textbox', { name: 'Vault name' });
    expect(input).toHaveValue('Acme');
    expect(input).toHaveAccessibleDescription('Shown in the title.');
    await expectNoViolations();
  });

  it('replaces the hint by the error and says that the value is invalid', async () => {
    const { rerender } = render(Field, { label: 'Key ID', hint: 'As the issuer shows it.' });
    await rerender({ error: 'That key ID is already stored.' });
    const input = screen.getByRole('textbox', { name: 'Key ID' });
    expect(input).toBeInvalid();
    expect(input).toHaveAccessibleDescription('That key ID is already stored.');
    await expectNoViolations();
  });

  it('warns without calling the value wrong', () => {
    render(Field, { label: 'Passphrase', type: 'password', warning: 'Caps Lock is on' });
    const input = screen.getByLabelText('Passphrase');
    expect(input).not.toBeInvalid();
    expect(input).toHaveAccessibleDescription('Caps Lock is on');
  });

  it('keeps a hidden label as the name', async () => {
    render(Field, { label: 'Search', hideLabel: true, icon: 'search', trailing: text('Ctrl K') });
    expect(screen.getByRole('textbox', { name: 'Search' })).not.toHaveAccessibleDescription();
    expect(screen.getByText('Ctrl K')).toBeVisible();
    await expectNoViolations();
  });
});
