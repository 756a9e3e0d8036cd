import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { SessionView, UserError } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
// Loaded on demand in the window; reading it for the first time takes longer than a test waits.
import './Invited.svelte';
import Start from './Start.svelte';
import {
  ana,
  knownVault,
  openVault,
  PASSPHRASE,
  refuse,
  sessionView,
  slow,
  startSession,
  STRONG,
  userError,
} from './testing/made';

async function start(
  view: SessionView = sessionView(),
  answers: Answers = {},
  unset: UserError | null = null,
) {
  const { session, backend } = await startSession(view, {
    look_at_vault: () => view.known[0] ?? knownVault(),
    ...answers,
  });
  const went = {
    oncreate: vi.fn(),
    onrestore: vi.fn(),
    onsettings: vi.fn(),
    onhelp: vi.fn(),
  };
  render(Start, { session, idleMinutes: 5, unset, ...went });
  return { session, backend, went, user: userEvent.setup() };
}

const AT = new Date(2026, 0, 1, 13, 41).getTime();
const passphrase = () => screen.findByLabelText('Passphrase');
const unlockButton = () => screen.getByRole('button', { name: /^Unlock$/ });

describe('the welcome screen', () => {
  it('offers the three ways to a vault, settings and help', async () => {
    const { user, went } = await start(sessionView({ known: [] }));
    await user.click(screen.getByRole('button', { name: 'Create a vault' }));
    await user.click(screen.getByRole('button', { name: 'Restore from a backup' }));
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    await user.click(screen.getByRole('button', { name: 'Help' }));
    for (const gone of Object.values(went)) expect(gone).toHaveBeenCalledTimes(1);
    await expectNoViolations();
  });

  it('opens the folder of a vault, and stays when nobody chose one', async () => {
    let chosen: string | null = null;
    const { user } = await start(sessionView({ known: [] }), {
      ask_for_place: () => chosen,
      look_at_vault: ({ folder }) => knownVault({ folder, name: 'Found' }),
    });
    await user.click(screen.getByRole('button', { name: 'Open a vault' }));
    expect(screen.getByRole('heading', { name: 'Welcome to Keyturn' })).toBeVisible();
    chosen = '/media/usb/found.vault';
    await user.click(screen.getByRole('button', { name: 'Open a vault' }));
    expect(await screen.findByRole('heading', { name: 'Unlock Found' })).toBeVisible();
  });

  it('says in three sentences why a folder could not be opened', async () => {
    const { user } = await start(sessionView({ known: [] }), {
      ask_for_place: () => '/tmp',
      look_at_vault: refuse('vault.missing', { folder: '/tmp' }),
    });
    await user.click(screen.getByRole('button', { name: 'Open a vault' }));
    const block = await screen.findByRole('region', { name: 'No vault at this place' });
    expect(block).toHaveTextContent('There is no vault in /tmp');
  });

  it('says what is wrong before there is any vault, and leads to the settings', async () => {
    const list = userError('vaults.broken', { file: '/home/ana/vaults.json' });
    const settings = userError('settings.broken', { file: 's.json', line: '2', column: '1' });
    const { user, went } = await start(sessionView({ known: [], problems: [list] }), {}, settings);
    const block = await screen.findByRole('region', { name: 'List of vaults not understood' });
    expect(block).toHaveTextContent('/home/ana/vaults.json');
    await screen.findByRole('region', { name: 'Settings not understood' });
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: 'Open Settings' }));
    expect(went.onsettings).toHaveBeenCalledOnce();
    expect(screen.getByRole('button', { name: 'Create a vault' })).toBeVisible();
  });

  it('says that it could not look for vaults, and looks again', async () => {
    let broken = true;
    const view = sessionView();
    const { user } = await start(view, {
      read_session: () => {
        if (broken) throw userError('internal');
        return view;
      },
    });
    await screen.findByRole('region', { name: 'A fault in Keyturn' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('heading', { name: 'Unlock Acme' })).toBeVisible();
  });
});

describe('unlocking', () => {
  it('takes the passphrase and leaves none in the page', async () => {
    const { backend, user, session } = await start(sessionView(), {
      unlock_vault: () => sessionView({ vault: openVault() }),
    });
    const field = await passphrase();
    expect(field).toHaveFocus();
    await user.keyboard(`${PASSPHRASE}{Enter}`);
    await waitFor(() => expect(session.vault?.name).toBe('Acme'));
    expect(backend.asked.at(-1)?.input).toEqual({
      folder: knownVault().folder,
      member: 'm1',
      key: { way: 'passphrase', secret: PASSPHRASE },
    });
    expect(field).toHaveValue('');
    await expectNoViolations();
  });

  it('keeps a wrong passphrase selected and says what to do at the field', async () => {
    const { user } = await start(sessionView(), { unlock_vault: refuse('vault.wrongKey') });
    const field = (await passphrase()) as HTMLInputElement;
    await user.keyboard('wrong{Enter}');
    await waitFor(() => expect(field).toBeInvalid());
    expect(field).toHaveAccessibleDescription(
      "That passphrase doesn't open this vault. Nothing changed. Check Caps Lock and layout, or use the recovery key.",
    );
    expect(field).toHaveFocus();
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, 5]);
    await expectNoViolations();
    await user.keyboard('n');
    expect(field).not.toBeInvalid();
  });

  it('tells in words how far it is, and asks once', async () => {
    const work = slow<SessionView>();
    const { backend, user, session } = await start(sessionView(), {
      unlock_vault: () => work.promise,
    });
    await passphrase();
    await user.keyboard(`${PASSPHRASE}{Enter}{Enter}`);
    const button = await screen.findByRole('button', { name: /Turning the passphrase into a key/ });
    expect(button).toHaveAttribute('aria-busy', 'true');
    backend.tell('work_progress', { step: 'opening', part: null });
    await screen.findByRole('button', { name: /Opening the vault/ });
    expect(backend.asked.filter(({ name }) => name === 'unlock_vault')).toHaveLength(1);
    work.end(sessionView({ vault: openVault() }));
    await waitFor(() => expect(session.vault).not.toBeNull());
  });

  it('makes people wait after wrong tries, and says how long', async () => {
    const waitUntil = Date.now() + 84_000;
    const { backend, user } = await start(sessionView({ known: [knownVault({ waitUntil })] }));
    expect(unlockButton()).toHaveAccessibleDescription(/You can try again in 1:2\d/);
    await passphrase();
    await user.keyboard('again{Enter}');
    expect(backend.asked.map(({ name }) => name)).not.toContain('unlock_vault');
  });

  it('opens with the recovery key instead', async () => {
    const { backend, user } = await start(sessionView(), {
      unlock_vault: refuse('vault.wrongKey'),
    });
    await passphrase();
    await user.keyboard('half a passphrase');
    await user.click(screen.getByRole('button', { name: 'Use the recovery key' }));
    const field = await screen.findByLabelText('Recovery key');
    expect(field).toHaveValue('');
    await waitFor(() => expect(field).toHaveFocus());
    await user.keyboard('7KQ2{Enter}');
    await waitFor(() => expect(field).toBeInvalid());
    expect(field).toHaveAccessibleDescription(/not the one in force here/);
    expect(backend.asked.find(({ name }) => name === 'unlock_vault')?.input).toMatchObject({
      key: { way: 'recoveryKey' },
    });
  });

  it('offers the key ring only to a member who has it', async () => {
    const ben = { id: 'm2', name: 'Ben', ways: ['passphrase', 'keyRing'] as const };
    const members = [ana, { ...ben, ways: [...ben.ways] }];
    const { backend, user } = await start(sessionView({ known: [knownVault({ members })] }), {
      unlock_vault: refuse('keyRing.refused'),
    });
    expect(screen.queryByRole('button', { name: 'Use system key ring' })).toBeNull();
    expect(screen.getByRole('combobox', { name: 'Member' })).toHaveValue('m1');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Member' }), 'Ben');
    await user.click(screen.getByRole('button', { name: 'Use system key ring' }));
    await screen.findByRole('region', { name: 'Key ring closed' });
    expect(backend.asked.find(({ name }) => name === 'unlock_vault')?.input).toMatchObject({
      member: 'm2',
      key: { way: 'keyRing' },
    });
  });

  it('says why the vault was locked, who holds it, and nothing about one member', async () => {
    const heldBy = { process: 4127, computer: 'ana-laptop', since: Date.now() };
    await start(
      sessionView({
        known: [knownVault({ heldBy })],
        locked: { because: 'idle', at: AT, rotations: null },
      }),
    );
    expect(screen.getByText('Locked at 13:41 after 5 min idle.')).toBeVisible();
    expect(screen.getByRole('note')).toHaveTextContent(/ana-laptop \(process 4127\).*reading only/);
    expect(screen.queryByRole('combobox')).toBeNull();
  });

  it.each([
    [
      { goOn: false, open: 1, needYou: 0, bothWork: true },
      '1 rotation waits until you unlock. Both keys work meanwhile.',
    ],
    [{ goOn: false, open: 2, needYou: 1, bothWork: false }, '2 rotations wait until you unlock.'],
    [{ goOn: true, open: 0, needYou: 0, bothWork: true }, 'Rotations go on while this is locked.'],
    [
      { goOn: true, open: 3, needYou: 1, bothWork: false },
      'Rotations go on while this is locked: 2 under way, 1 needs you.',
    ],
    [
      { goOn: true, open: 2, needYou: 2, bothWork: false },
      'Rotations go on while this is locked: 2 need you.',
    ],
  ])('says what becomes of rotations meanwhile: %o', async (rotations, sentence) => {
    await start(sessionView({ locked: { because: 'asked', at: AT, rotations } }));
    expect(screen.getByText(`Locked at 13:41. ${sentence}`)).toBeVisible();
    await expectNoViolations();
  });

  it('follows rotations that go on behind the lock, and leaves what is being typed', async () => {
    let open = 2;
    const locked = () => ({
      because: 'idle' as const,
      at: AT,
      rotations: { goOn: true, open, needYou: 0, bothWork: true },
    });
    const { backend, user } = await start(sessionView(), {
      read_session: () => sessionView({ locked: locked() }),
    });
    await screen.findByText(/: 2 under way\.$/);
    await user.type(await passphrase(), 'half of it');
    open = 1;
    backend.tell('runs_changed', null);
    await screen.findByText(/: 1 under way\.$/);
    expect(await passphrase()).toHaveValue('half of it');
    expect(await passphrase()).toHaveFocus();
  });

  it('does not ask for more while nothing goes on', async () => {
    const { backend } = await start();
    const asked = backend.asked.length;
    backend.tell('runs_changed', null);
    expect(backend.asked).toHaveLength(asked);
  });

  it('shows what is wrong with a vault, and the ways out of it', async () => {
    const problem = userError('vault.damaged', { file: '/v/vault.db' });
    const { user, went } = await start(sessionView({ known: [knownVault({ problem })] }), {
      forget_vault: () => sessionView({ known: [] }),
    });
    const block = await screen.findByRole('region', { name: 'Vault damaged' });
    await user.click(within(block).getByRole('button', { name: 'Restore from backup' }));
    expect(went.onrestore).toHaveBeenCalled();
    await user.click(within(block).getByRole('button', { name: 'Take off the list' }));
    expect(await screen.findByRole('heading', { name: 'Welcome to Keyturn' })).toBeVisible();
  });

  it('goes to another vault of this computer', async () => {
    const other = knownVault({ folder: '/v/home.vault', name: 'Home' });
    const { user } = await start(sessionView({ known: [knownVault(), other] }));
    await user.click(screen.getByRole('button', { name: 'Other vaults' }));
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: /^Home/ }));
    expect(await screen.findByRole('heading', { name: 'Unlock Home' })).toBeVisible();
  });
});

describe('an invited member', () => {
  const dana = { id: 'm2', name: 'Dana', ways: ['invitation' as const] };

  it('comes in with the code and a passphrase of their own', async () => {
    const { backend, user, session } = await start(
      sessionView({ known: [knownVault({ members: [dana], lastMember: null })] }),
      {
        weigh_passphrase: () => STRONG,
        accept_invitation: () => sessionView({ vault: openVault({ memberName: 'Dana' }) }),
      },
    );
    const code = await screen.findByLabelText('Invitation code');
    await expectNoViolations();
    await user.type(code, 'ABCD 1234');
    await user.type(screen.getByLabelText('New passphrase'), PASSPHRASE);
    await user.type(screen.getByLabelText('Repeat'), PASSPHRASE);
    await user.click(screen.getByRole('button', { name: 'Accept and unlock' }));
    await waitFor(() => expect(session.vault?.memberName).toBe('Dana'));
    expect(backend.asked.at(-1)?.input).toMatchObject({ member: 'm2', code: 'ABCD 1234' });
  });

  it('is told when the invitation is over', async () => {
    const { user } = await start(
      sessionView({ known: [knownVault({ members: [dana], lastMember: null })] }),
      {
        weigh_passphrase: () => STRONG,
        accept_invitation: refuse('invitation.over', { until: '0' }),
      },
    );
    await user.type(await screen.findByLabelText('Invitation code'), 'ABCD');
    await user.type(screen.getByLabelText('New passphrase'), PASSPHRASE);
    await user.type(screen.getByLabelText('Repeat'), `${PASSPHRASE}{Enter}`);
    await screen.findByRole('region', { name: 'Invitation over' });
  });
});
