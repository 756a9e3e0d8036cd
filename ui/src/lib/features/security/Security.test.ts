import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Checked, OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { SettingsState } from '$lib/features/settings/settings.svelte';
import {
  KEY,
  openVault,
  PASSPHRASE,
  refuse,
  sessionView,
  slow,
  startSession,
  STRONG,
  userError,
} from '$lib/features/vault/testing/made';
import Security from './Security.svelte';

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_key_ring: () => ({ problem: null, until: null }),
    weigh_passphrase: () => STRONG,
    ...answers,
  });
  const onopen = vi.fn();
  render(Security, { session, vault, settings: new SettingsState(backend), onopen });
  return { session, backend, onopen, user: userEvent.setup() };
}

const dialog = async (name: string) => within(await screen.findByRole('dialog', { name }));

describe('the vault', () => {
  it('is told with its place, whose it is here, and what is missing', async () => {
    const { onopen, user } = await start({}, openVault({ role: 'rotator' }));
    const panel = within(screen.getByRole('region', { name: 'Acme' }));
    expect(panel.getByText('/home/ana/Vaults/acme.vault')).toBeVisible();
    expect(panel.getByText('You are Ana, rotator')).toBeVisible();
    expect(panel.getByText('None yet.')).toBeVisible();
    await user.click(panel.getByRole('button', { name: 'Backup' }));
    expect(onopen).toHaveBeenCalledWith('backups');
    await expectNoViolations();
  });

  it('shows every warning in three sentences', async () => {
    const warnings = [userError('vault.olderState'), userError('backup.failed')];
    await start({}, openVault({ warnings }));
    expect(screen.getByRole('region', { name: 'Older than last time' })).toBeVisible();
    expect(screen.getByRole('region', { name: 'No backup today' })).toBeVisible();
  });
});

describe('the passphrase', () => {
  it('is changed with the old one and the new one twice', async () => {
    const { backend, user } = await start({
      change_passphrase: () => sessionView({ vault: openVault() }),
    });
    await user.click(screen.getByRole('button', { name: 'Change passphrase' }));
    const sheet = await dialog('Change passphrase');
    await expectNoViolations();
    await user.type(sheet.getByLabelText('Passphrase until now'), 'old');
    await user.type(sheet.getByLabelText('New passphrase'), PASSPHRASE);
    await user.type(sheet.getByLabelText('Repeat'), PASSPHRASE);
    await user.click(sheet.getByRole('button', { name: 'Change passphrase' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(backend.asked.at(-1)).toEqual({
      name: 'change_passphrase',
      input: { old: 'old', new: PASSPHRASE },
    });
  });

  it('stays when the old one was wrong, which is said at its field', async () => {
    const { user } = await start({ change_passphrase: refuse('passphrase.wrong') });
    await user.click(screen.getByRole('button', { name: 'Change passphrase' }));
    const sheet = await dialog('Change passphrase');
    await user.type(sheet.getByLabelText('Passphrase until now'), 'old');
    await user.type(sheet.getByLabelText('New passphrase'), PASSPHRASE);
    await user.type(sheet.getByLabelText('Repeat'), PASSPHRASE);
    await user.click(sheet.getByRole('button', { name: 'Change passphrase' }));
    const field = sheet.getByLabelText('Passphrase until now');
    await waitFor(() => expect(field).toBeInvalid());
    expect(field).toHaveFocus();
  });
});

describe('the recovery key', () => {
  it('is made anew after the passphrase, shown and proven', async () => {
    const { user } = await start({
      make_recovery_key: () => KEY,
      prove_recovery_key: () => sessionView({ vault: openVault() }),
    });
    await user.click(screen.getByRole('button', { name: 'Make a new one' }));
    const question = await dialog('Make a new recovery key?');
    await user.type(question.getByLabelText('Your passphrase'), 'mine{Enter}');
    const sheet = await dialog('Keep the recovery key');
    expect(sheet.getByRole('list', { name: /^Recovery key/ })).toHaveTextContent('7KQ2M9XD');
    await user.type(sheet.getByLabelText('Recovery key as you kept it'), `${KEY}{Enter}`);
    await user.click(await sheet.findByRole('button', { name: 'Done' }));
    await waitFor(() => expect(document.body.innerHTML).not.toContain('M9XD'));
  });

  it('is missing, and offered first', async () => {
    const ways = { passphraseSince: 0, recoveryKey: 'missing', keyRingUntil: null } as const;
    await start({}, openVault({ ways }));
    expect(screen.getByRole('button', { name: 'Make a recovery key' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Check it' })).toBeNull();
  });

  it('cannot be made while the vault can only be read', async () => {
    const readOnly = { process: 1, computer: 'laptop', since: 0 };
    await start({}, openVault({ readOnly }));
    expect(screen.getByRole('button', { name: 'Make a new one' })).toHaveAccessibleDescription(
      /open elsewhere/,
    );
  });
});

describe('rotating while the screen is locked', () => {
  const rotating = () =>
    screen.getByRole('switch', { name: 'Keep rotating while the screen is locked' });

  it('is off, says what it costs, and is turned on', async () => {
    const { backend, user } = await start({
      save_settings: (settings) => ({ settings, problem: null }),
    });
    const panel = within(screen.getByRole('region', { name: 'Locking' }));
    expect(rotating()).not.toBeChecked();
    expect(panel.getByText(/keys stay in this computer's memory while it is locked/)).toBeVisible();
    await user.click(rotating());
    await waitFor(() => expect(rotating()).toBeChecked());
    expect(backend.asked.at(-1)).toMatchObject({
      name: 'save_settings',
      input: { rotateWhileLocked: true, lockAfterMinutes: 5 },
    });
    await expectNoViolations();
  });

  it('stays off when that cannot be kept, and says why', async () => {
    const { user } = await start({ save_settings: refuse('vault.locked') });
    await user.click(rotating());
    await screen.findByRole('region', { name: /locked/i });
    expect(rotating()).not.toBeChecked();
  });
});

describe('the key ring', () => {
  it('is turned on with the passphrase, and off without', async () => {
    const { user } = await start({
      turn_on_key_ring: () => ({ problem: null, until: Date.now() + 86_400_000 }),
      turn_off_key_ring: () => ({ problem: null, until: null }),
    });
    const ring = await screen.findByRole('switch', { name: /key ring/ });
    await waitFor(() => expect(ring).not.toHaveAttribute('aria-disabled'));
    await user.click(ring);
    const question = await dialog('Let the key ring unlock the vault?');
    await user.type(question.getByLabelText('Your passphrase'), 'mine{Enter}');
    await waitFor(() => expect(ring).toBeChecked());
    await user.click(ring);
    await waitFor(() => expect(ring).not.toBeChecked());
  });
});

describe('checking the vault', () => {
  const CHECKED: Checked = { at: 0, auditEntries: 12_804, auditHead: '9f3a', problems: [] };

  it('tells how far it is and what it found', async () => {
    const work = slow<Checked>();
    const { user } = await start({ check_vault: () => work.promise });
    await user.click(screen.getByRole('button', { name: 'Check now' }));
    await screen.findByRole('button', { name: /Checking/ });
    work.end(CHECKED);
    await screen.findByText('Everything is as Keyturn wrote it.');
    expect(screen.getByText(/12,804 audit entries/)).toHaveTextContent('9f3a');
    await expectNoViolations();
  });

  it('shows each thing that is wrong', async () => {
    const { user } = await start({
      check_vault: () => ({ ...CHECKED, problems: [userError('audit.broken', { number: '771' })] }),
    });
    await user.click(screen.getByRole('button', { name: 'Check now' }));
    const block = await screen.findByRole('region', { name: 'Audit log changed' });
    expect(block).toHaveTextContent('from entry #771 on');
    expect(screen.queryByText('Everything is as Keyturn wrote it.')).toBeNull();
  });
});
