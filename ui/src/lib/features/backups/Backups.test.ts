import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { BackupsView, CheckedBackup, OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
  userError,
} from '$lib/features/vault/testing/made';
import Backups from './Backups.svelte';

const NONE: BackupsView = { folder: '/home/ana/backups', backups: [], problem: null };
const ONE: BackupsView = { ...NONE, backups: [{ file: '/b/1', made: 0, bytes: 48_000 }] };
const RESULT: CheckedBackup = { file: '/b/1', made: 0, credentials: 248, auditEntries: 1 };

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_backups: () => ONE,
    ...answers,
  });
  render(Backups, { session, vault });
  return { backend, user: userEvent.setup() };
}

describe('the backups', () => {
  it('are listed with date and size, and where they are', async () => {
    await start();
    expect(await screen.findByRole('row', { name: /1 Jan 1970.*48 KB/ })).toBeVisible();
    expect(screen.getByText('/home/ana/backups')).toBeVisible();
    await expectNoViolations();
  });

  it('are none at first, and one can be made at once', async () => {
    const { user } = await start({ list_backups: () => NONE, make_backup: () => ONE });
    await screen.findByRole('heading', { name: 'No backup yet' });
    await user.click(screen.getAllByRole('button', { name: 'Back up now' })[0] as HTMLElement);
    expect(await screen.findByRole('row', { name: /48 KB/ })).toBeVisible();
  });

  it('can be tried one by one', async () => {
    const work = slow<CheckedBackup>();
    const { user } = await start({ test_backup: () => work.promise });
    const button = await screen.findByRole('button', { name: /^Test restore of/ });
    await user.click(button);
    await waitFor(() => expect(button).toHaveAttribute('aria-busy', 'true'));
    work.end(RESULT);
    await screen.findByText(/Restores: 248 credentials and 1 audit entry/);
  });

  it('say what is wrong with one', async () => {
    const { user } = await start({ test_backup: refuse('backup.damaged', { file: '/b/1' }) });
    await user.click(await screen.findByRole('button', { name: /^Test restore of/ }));
    await screen.findByRole('region', { name: 'Backup damaged' });
    expect(screen.getByRole('row', { name: /48 KB/ })).toBeVisible();
  });

  it('go elsewhere only when a place was chosen', async () => {
    let chosen: string | null = null;
    const { backend, user } = await start({
      ask_for_place: () => chosen,
      make_backup_at: () => RESULT,
    });
    await screen.findByRole('row', { name: /48 KB/ });
    await user.click(screen.getByRole('button', { name: 'Back up to…' }));
    expect(backend.asked.at(-1)?.name).toBe('ask_for_place');
    chosen = '/media/usb/acme';
    await user.click(screen.getByRole('button', { name: 'Back up to…' }));
    await waitFor(() => expect(backend.asked.at(-1)?.input).toEqual({ file: '/media/usb/acme' }));
  });

  it('say why the last automatic one failed, and why they cannot be read', async () => {
    const problem = userError('backup.failed', { reason: 'disk full', folder: '/b' });
    await start({ list_backups: () => ({ ...ONE, problem }) });
    await screen.findByRole('region', { name: 'No backup today' });
  });

  it('are not for every role, which is said', async () => {
    const { backend } = await start({}, openVault({ role: 'reader', may: ['see'] }));
    await screen.findByRole('heading', { name: 'Not with your role' });
    expect(screen.getByRole('button', { name: 'Back up now' })).toHaveAccessibleDescription(
      'Your role, Reader, does not make backups.',
    );
    expect(backend.asked.map(({ name }) => name)).not.toContain('list_backups');
  });
});
