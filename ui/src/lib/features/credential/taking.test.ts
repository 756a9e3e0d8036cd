import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Answers } from '$lib/backend/rehearsed';
import { toast } from '$lib/design';
import { messages } from '$lib/design/toast.svelte';
import { refuse, sessionView, startSession, userError } from '$lib/features/vault/testing/made';
import { mainValue, Taking } from './taking.svelte';
import TakingDialog from './TakingDialog.svelte';

async function start(answers: Answers) {
  const { session, backend } = await startSession(sessionView(), answers);
  const taking = new Taking(session);
  render(TakingDialog, { taking });
  return { taking, backend, user: userEvent.setup() };
}

const said = () => messages.visible.map(({ text }) => text);
beforeEach(() => toast.clear());

describe('copying', () => {
  it('says what was copied and when it is cleared, never what it is', async () => {
    const { taking } = await start({
      copy_value: () => ({ name: 'payment-gateway', until: Date.now() + 30_000 }),
    });
    expect(await taking.copy(mainValue('c1'))).toBe(true);
    expect(said()).toEqual(['Copied payment-gateway. Clears in 30 s.']);
    expect(taking.copied?.name).toBe('payment-gateway');
  });

  it('says why nothing was copied', async () => {
    const { taking } = await start({ copy_value: refuse('clipboard.missing', { reason: 'busy' }) });
    expect(await taking.copy(mainValue('c1'))).toBe(false);
    expect(said()[0]).toMatch(/does not answer \(busy\)/);
  });

  it('follows the clipboard, and clears it', async () => {
    const { taking, backend } = await start({ clear_clipboard: () => null });
    backend.tell('clipboard_changed', { name: 'orders-db', until: 1 });
    expect(taking.copied?.name).toBe('orders-db');
    await taking.clear();
    expect(taking.copied).toBeNull();
  });
});

describe('a value of high risk', () => {
  const asks: Answers = {
    reveal_value: ({ passphrase }) => {
      if (passphrase === null) throw userError('value.passphrase');
      if (passphrase !== 'mine') throw userError('passphrase.wrong');
      return { value: 'top', until: 1 };
    },
  };

  it('is revealed once the passphrase was typed, also after a wrong one', async () => {
    const { taking, user } = await start(asks);
    const revealed = taking.reveal(mainValue('c1'));
    const field = await screen.findByLabelText('Your passphrase');
    await user.type(field, 'wrong{Enter}');
    await waitFor(() => expect(field).toBeInvalid());
    await user.clear(field);
    await user.type(field, 'mine{Enter}');
    expect(await revealed).toEqual({ value: 'top', until: 1 });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('is not revealed when the person cancels', async () => {
    const { taking, user } = await start(asks);
    const revealed = taking.reveal(mainValue('c1'));
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(await revealed).toBeNull();
    expect(said()).toEqual([]);
  });
});
