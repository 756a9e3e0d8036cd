import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { SessionView } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import Restore from './Restore.svelte';
import { ana, openVault, refuse, sessionView, slow, startSession } from './testing/made';

const FILE = '/media/usb/acme.keyturn-backup';

async function start(answers: Answers = {}) {
  const { session, backend } = await startSession(sessionView({ known: [] }), {
    ask_for_place: () => FILE,
    look_at_backup: () => ({ name: 'Acme', made: 0, members: [ana] }),
    suggest_place: () => '/home/ana/Vaults/acme.vault',
    restore_backup: () => sessionView({ vault: openVault() }),
    ...answers,
  });
  const onleave = vi.fn();
  render(Restore, { session, onleave });
  return { session, backend, onleave, user: userEvent.setup() };
}

async function choose({ user }: Awaited<ReturnType<typeof start>>) {
  await user.click(screen.getByRole('button', { name: 'Choose a backup' }));
  await screen.findByText(FILE);
}

describe('restoring a backup', () => {
  it('makes a vault at a new place with the passphrase of then', async () => {
    const started = await start();
    await expectNoViolations();
    await choose(started);
    const field = screen.getByLabelText('Passphrase');
    await waitFor(() => expect(field).toHaveFocus());
    await expectNoViolations();
    await started.user.keyboard('old one{Enter}');
    await waitFor(() => expect(started.session.vault).not.toBeNull());
    expect(started.backend.asked.at(-1)?.input).toEqual({
      file: FILE,
      folder: '/home/ana/Vaults/acme.vault',
      member: 'm1',
      key: { way: 'passphrase', secret: 'old one' },
    });
    expect(field).toHaveValue('');
  });

  it('takes the recovery key of then', async () => {
    const started = await start({ restore_backup: refuse('vault.wrongKey') });
    await choose(started);
    await started.user.click(screen.getByRole('radio', { name: 'Recovery key' }));
    const field = screen.getByLabelText('Recovery key', { selector: 'input' });
    await started.user.type(field, '7KQ2{Enter}');
    await waitFor(() => expect(field).toBeInvalid());
    expect(field).toHaveAccessibleDescription(/Nothing was restored/);
  });

  it('says that a file is no backup, and lets choose again', async () => {
    const { user } = await start({ look_at_backup: refuse('backup.notOne', { file: FILE }) });
    await user.click(screen.getByRole('button', { name: 'Choose a backup' }));
    await screen.findByRole('region', { name: 'Not a backup' });
    expect(screen.getByRole('button', { name: 'Choose a backup' })).toBeVisible();
  });

  it('says at the place that it is taken', async () => {
    const started = await start({ restore_backup: refuse('vault.taken', { folder: '/x' }) });
    await choose(started);
    await started.user.type(screen.getByLabelText('Passphrase'), 'old one{Enter}');
    await waitFor(() => expect(screen.getByLabelText('New place')).toBeInvalid());
  });

  it('tells how far it is, and goes back only before', async () => {
    const work = slow<SessionView>();
    const started = await start({ restore_backup: () => work.promise });
    await choose(started);
    await started.user.type(screen.getByLabelText('Passphrase'), 'old one{Enter}');
    started.backend.tell('work_progress', { step: 'checking', part: null });
    await screen.findByRole('button', { name: /Checking what was written/ });
    await started.user.keyboard('{Escape}');
    expect(started.onleave).not.toHaveBeenCalled();
    work.end(sessionView({ vault: openVault() }));
    await waitFor(() => expect(started.session.vault).not.toBeNull());
  });
});
