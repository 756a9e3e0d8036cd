import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import SecretField from './SecretField.svelte';
import { expectNoViolations } from './testing/axe';

describe('SecretField', () => {
  it('hides what is typed until it is shown', async () => {
    const user = userEvent.setup();
    render(SecretField, { label: 'Passphrase' });
    const input = screen.getByLabelText('Passphrase');
    await user.type(input, 'copper violin');
    expect(input).toHaveAttribute('type', 'password');
    await user.click(screen.getByRole('button', { name: 'Show passphrase' }));
    expect(input).toHaveAttribute('type', 'text');
    expect(input).toHaveValue('copper violin');
    expect(screen.getByRole('button', { name: 'Hide passphrase' })).toBeVisible();
    await expectNoViolations();
  });

  it('says that Caps Lock is on, beside what is wrong', async () => {
    const user = userEvent.setup();
    render(SecretField, { label: 'Passphrase', error: 'That is not it.' });
    await user.click(screen.getByLabelText('Passphrase'));
    await user.keyboard('{CapsLock}a');
    expect(screen.getByLabelText('Passphrase')).toHaveAccessibleDescription(
      'That is not it. Caps Lock is on',
    );
    await user.keyboard('{CapsLock}a');
    expect(screen.queryByText('Caps Lock is on')).toBeNull();
  });
});
