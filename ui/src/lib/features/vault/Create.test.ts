import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { MadeVault, SettingsView } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { SettingsState } from '$lib/features/settings/settings.svelte';
import Create from './Create.svelte';
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
} from './testing/made';

const USUAL: SettingsView = {
  settings: {
    theme: 'system',
    lockAfterMinutes: 5,
    lockOnSleep: true,
    lockWithScreen: true,
    rotateWhileLocked: false,
    singleKeys: true,
    hiddenColumns: [],
    quiet: null,
    namesInNotices: false,
    startAtLogin: false,
  },
  problem: null,
};
const unproven = () =>
  sessionView({
    vault: openVault({
      ways: { passphraseSince: 0, recoveryKey: 'unproven', keyRingUntil: null },
    }),
  });
const MADE: MadeVault = { session: unproven(), recoveryKey: KEY };

async function start(answers: Answers = {}) {
  const { session, backend } = await startSession(sessionView({ known: [] }), {
    suggest_place: ({ name }) => `/home/ana/Vaults/${name.toLowerCase()}.vault`,
    suggest_passphrase: () => PASSPHRASE,
    weigh_passphrase: () => STRONG,
    create_vault: () => MADE,
    read_settings: () => USUAL,
    save_settings: (settings) => ({ settings, problem: null }),
    read_key_ring: () => ({ problem: userError('keyRing.missing'), until: null }),
    ...answers,
  });
  const onleave = vi.fn();
  render(Create, { session, settings: new SettingsState(backend), onleave });
  return { session, backend, onleave, user: userEvent.setup() };
}

type Started = Awaited<ReturnType<typeof start>>;

async function fill({ user }: Started) {
  await user.type(screen.getByLabelText('Vault name'), 'Acme');
  await user.type(screen.getByLabelText('Your name'), 'Ana');
  await user.click(screen.getByRole('button', { name: 'Generate six words' }));
  await waitFor(() => expect(screen.getByLabelText('Repeat')).toHaveFocus());
  await user.paste(PASSPHRASE);
  await screen.findByText('Matches');
  await waitFor(() =>
    expect(screen.getByLabelText('Location')).toHaveValue('/home/ana/Vaults/acme.vault'),
  );
}

async function toRecovery(started: Started) {
  await fill(started);
  await started.user.keyboard('{Enter}');
  await screen.findByRole('heading', { level: 1, name: 'Keep the recovery key' });
}

describe('the first step', () => {
  it('makes a vault from names, a place and a passphrase', async () => {
    const started = await start();
    expect(screen.getByLabelText('Vault name')).toHaveFocus();
    await expectNoViolations();
    await toRecovery(started);
    expect(started.backend.asked.find(({ name }) => name === 'create_vault')?.input).toEqual({
      name: 'Acme',
      folder: '/home/ana/Vaults/acme.vault',
      member: 'Ana',
      passphrase: PASSPHRASE,
    });
    expect(document.body.innerHTML).not.toContain(PASSPHRASE);
  });

  it('waits for the suggested place when somebody is quicker', async () => {
    let suggest: (place: string) => void = () => undefined;
    // It may be asked more than once, and later than here.
    const suggested = new Promise<string>((resolve) => (suggest = resolve));
    const { backend, user } = await start({ suggest_place: () => suggested });
    await user.type(screen.getByLabelText('Vault name'), 'Acme');
    await user.type(screen.getByLabelText('Your name'), 'Ana');
    await user.click(screen.getByRole('button', { name: 'Generate six words' }));
    await waitFor(() => expect(screen.getByLabelText('Repeat')).toHaveFocus());
    await user.paste(PASSPHRASE);
    await user.keyboard('{Enter}');
    suggest('/home/ana/Vaults/acme.vault');
    await screen.findByRole('heading', { name: 'Keep the recovery key' });
    const made = backend.asked.find(({ name }) => name === 'create_vault');
    expect(made?.input).toMatchObject({ folder: '/home/ana/Vaults/acme.vault' });
  });

  it('says at each field what is missing, the first one first', async () => {
    const { user } = await start();
    await user.click(screen.getByRole('button', { name: /Continue/ }));
    expect(screen.getByLabelText('Vault name')).toBeInvalid();
    expect(screen.getByLabelText('Your name')).toBeInvalid();
    expect(screen.getByLabelText('Vault name')).toHaveFocus();
  });

  it('refuses a passphrase that is easy to guess or not repeated', async () => {
    const weak = {
      ...STRONG,
      word: 'weak',
      marks: 2,
      enough: false,
      advice: 'Add a word.',
    } as const;
    const started = await start({
      weigh_passphrase: ({ passphrase }) => (passphrase === PASSPHRASE ? STRONG : weak),
    });
    await fill(started);
    const field = screen.getByLabelText('Passphrase');
    await started.user.clear(field);
    await started.user.type(field, 'short{Enter}');
    await waitFor(() => expect(field).toBeInvalid());
    expect(field).toHaveAccessibleDescription('That is too easy to guess. Add a word.');
    await started.user.clear(field);
    await started.user.type(field, PASSPHRASE);
    await started.user.clear(screen.getByLabelText('Repeat'));
    await started.user.type(screen.getByLabelText('Repeat'), 'other{Enter}');
    await waitFor(() => expect(screen.getByLabelText('Repeat')).toBeInvalid());
    expect(started.backend.asked.map(({ name }) => name)).not.toContain('create_vault');
  });

  it('keeps a place that was chosen, and says when it is taken', async () => {
    const started = await start({
      ask_for_place: () => '/media/usb',
      create_vault: refuse('vault.taken', { folder: '/media/usb/acme.vault' }),
    });
    await fill(started);
    await started.user.click(screen.getByRole('button', { name: 'Change' }));
    const place = screen.getByLabelText('Location');
    await waitFor(() => expect(place).toHaveValue('/media/usb/acme.vault'));
    await started.user.type(screen.getByLabelText('Vault name'), ' two');
    await started.user.click(screen.getByRole('button', { name: /Continue/ }));
    await waitFor(() => expect(place).toBeInvalid());
    expect(place).toHaveValue('/media/usb/acme.vault');
    expect(place).toHaveAccessibleDescription(/Keyturn does not write over it/);
  });

  it('explains what went wrong with the disk and keeps what was typed', async () => {
    const started = await start({ create_vault: refuse('vault.diskFull', { file: '/home' }) });
    await fill(started);
    await started.user.keyboard('{Enter}');
    await screen.findByRole('region', { name: 'Disk full' });
    expect(screen.getByLabelText('Vault name')).toHaveValue('Acme');
  });

  it('tells how far it is', async () => {
    const work = slow<MadeVault>();
    const started = await start({ create_vault: () => work.promise });
    await fill(started);
    await started.user.keyboard('{Enter}');
    await screen.findByRole('button', { name: /Measuring this computer/ });
    started.backend.tell('work_progress', { step: 'deriving', part: null });
    await screen.findByRole('button', { name: /Turning the passphrase into a key/ });
    work.end(MADE);
    await screen.findByRole('heading', { level: 1, name: 'Keep the recovery key' });
  });

  it('goes back', async () => {
    const { user, onleave } = await start();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(onleave).toHaveBeenCalled();
  });
});

describe('the recovery key', () => {
  it('is shown in groups, saved, and proven by reading the file back', async () => {
    const started = await start({
      ask_for_place: () => '/home/ana/key.txt',
      save_recovery_sheet: () => null,
      prove_recovery_sheet: () => sessionView({ vault: openVault() }),
    });
    await toRecovery(started);
    const groups = within(screen.getByRole('list', { name: /^Recovery key/ }));
    expect(groups.getAllByRole('listitem').map((item) => item.textContent)).toEqual(KEY.split('-'));
    expect(screen.queryByRole('button', { name: /Copy/ })).toBeNull();
    await expectNoViolations();
    const next = screen.getByRole('button', { name: 'Continue' });
    expect(next).toHaveAccessibleDescription(/First show that you kept the key/);
    await started.user.click(screen.getByRole('button', { name: 'Save as a file' }));
    await started.user.click(
      await screen.findByRole('button', { name: 'Read the saved file back' }),
    );
    await screen.findByText(/It matches/);
    await started.user.click(next);
    await screen.findByRole('heading', { level: 1, name: 'Make it comfortable' });
    expect(document.body.innerHTML).not.toContain(KEY.split('-')[0]);
  });

  it('is proven by typing, and a typing error is told at the field', async () => {
    const started = await start({
      prove_recovery_key: ({ key }) => {
        if (key !== KEY) throw userError('recoveryKey.mistyped');
        return sessionView({ vault: openVault() });
      },
    });
    await toRecovery(started);
    const field = screen.getByLabelText('Recovery key as you kept it');
    await started.user.type(field, '7KQ2{Enter}');
    await waitFor(() => expect(field).toBeInvalid());
    expect(field).toHaveAccessibleDescription(/a character is missing or different/);
    await started.user.clear(field);
    await started.user.type(field, `${KEY}{Enter}`);
    await screen.findByText(/It matches/);
  });

  it('is printed on a page of its own', async () => {
    const print = vi.spyOn(window, 'print').mockImplementation(() => undefined);
    const started = await start();
    await toRecovery(started);
    await started.user.click(screen.getByRole('button', { name: 'Print' }));
    expect(print).toHaveBeenCalled();
    expect(document.body.querySelector(':scope > .print-sheet')).toHaveTextContent('7KQ2 M9XD');
    await started.user.click(screen.getByRole('button', { name: 'Skip for now' }));
    await waitFor(() => expect(document.body.querySelector('.print-sheet')).toBeNull());
  });
});

describe('the last step', () => {
  it('sets when the vault locks, explains the key ring, and ends', async () => {
    const started = await start();
    await toRecovery(started);
    await started.user.click(screen.getByRole('button', { name: 'Skip for now' }));
    await screen.findByRole('heading', { level: 1, name: 'Make it comfortable' });
    await started.user.selectOptions(
      screen.getByRole('combobox', { name: /Lock when nobody/ }),
      '10 minutes',
    );
    await started.user.click(screen.getByRole('switch', { name: 'Lock with the screen' }));
    await waitFor(() =>
      expect(started.backend.asked.at(-1)?.input).toMatchObject({
        lockAfterMinutes: 10,
        lockWithScreen: false,
        singleKeys: true,
        hiddenColumns: [],
      }),
    );
    const ring = screen.getByRole('switch', { name: 'Unlock with the system key ring' });
    await waitFor(() => expect(ring).toHaveAccessibleDescription(/No system key ring is running/));
    await expectNoViolations();
    await started.user.click(screen.getByRole('button', { name: 'Done' }));
    expect(started.onleave).toHaveBeenCalled();
  });
});
