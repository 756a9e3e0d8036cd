import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { MembersView, MemberView, OpenVault } from '$lib/bindings';
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
import Members from './Members.svelte';

const member = (part: Partial<MemberView>): MemberView => ({
  id: 'm1',
  name: 'Ana',
  role: 'owner',
  you: false,
  added: 0,
  lastUnlocked: 0,
  invitedUntil: null,
  fingerprint: '9f3a 77c1',
  canChange: true,
  ...part,
});
const ANA = member({ you: true, canChange: false });
const BEN = member({ id: 'm2', name: 'Ben', role: 'reader' });
const TWO: MembersView = { members: [ANA, BEN], revision: 3 };
const CODE = '7KQ2-M9XD-04TB';

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_members: () => TWO,
    ...answers,
  });
  const onemergency = vi.fn();
  render(Members, { session, vault, onemergency });
  return { backend, onemergency, user: userEvent.setup() };
}

const row = (name: RegExp) => screen.findByRole('row', { name });

describe('the members', () => {
  it('are listed with role, last unlocking and fingerprint', async () => {
    await start();
    expect(await row(/Ben/)).toHaveTextContent(/Reader.*9f3a 77c1/);
    expect(await row(/Ana you/)).toBeVisible();
    await expectNoViolations();
  });

  it('are a skeleton while they are read', async () => {
    const work = slow<MembersView>();
    await start({ list_members: () => work.promise });
    expect(screen.getByRole('table', { name: 'All members' })).toHaveAttribute('aria-busy', 'true');
    work.end(TWO);
    expect(await row(/Ben/)).toBeVisible();
    expect(screen.getAllByRole('row')).toHaveLength(3);
  });

  it('say why they cannot be read, and are read again', async () => {
    let broken = true;
    const { user } = await start({
      list_members: () => {
        if (broken)
          throw userError('vault.unreadable', { file: '/v', reason: 'permission denied' });
        return TWO;
      },
    });
    await screen.findByRole('region', { name: 'Vault not readable' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await row(/Ben/)).toBeVisible();
  });

  it('are only you at first', async () => {
    const { user } = await start({ list_members: () => ({ members: [ANA], revision: 1 }) });
    expect(await screen.findByRole('heading', { name: 'Only you' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Invite somebody' }));
    expect(await screen.findByRole('dialog', { name: 'Invite a member' })).toBeVisible();
  });

  it('cannot be changed with a role that does not allow it, which is said', async () => {
    await start({}, openVault({ role: 'reader', may: ['see'] }));
    await row(/Ben/);
    for (const name of ['Invite', 'Change Ben', 'Remove Ben']) {
      const button = screen.getByRole('button', { name });
      expect(button).toHaveAccessibleDescription('Your role, Reader, does not manage members.');
    }
  });
});

describe('inviting', () => {
  it('shows the code once, with how to hand it over', async () => {
    const { backend, user } = await start({
      invite_member: () => ({ code: CODE, until: Date.now() + 86_400_000, members: TWO }),
    });
    await user.click(screen.getByRole('button', { name: 'Invite' }));
    const sheet = await screen.findByRole('dialog', { name: 'Invite a member' });
    await expectNoViolations();
    await user.type(within(sheet).getByLabelText('Name'), 'Dana');
    await user.click(within(sheet).getByRole('radio', { name: 'Rotator' }));
    await user.type(within(sheet).getByLabelText('Your passphrase'), 'mine');
    await user.click(within(sheet).getByRole('button', { name: 'Make invitation' }));
    const shown = await screen.findByRole('list', { name: /^Invitation code/ });
    expect(shown).toHaveTextContent('7KQ2M9XD04TB');
    expect(backend.asked.at(-1)?.input).toEqual({
      name: 'Dana',
      role: 'rotator',
      passphrase: 'mine',
      revision: 3,
    });
    expect(screen.getByRole('button', { name: 'Done' })).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Done' }));
    await waitFor(() => expect(document.body.innerHTML).not.toContain('M9XD'));
  });

  it('says at the field that the passphrase was wrong or the name is taken', async () => {
    let key: 'passphrase.wrong' | 'member.nameTaken' = 'passphrase.wrong';
    const { user } = await start({
      invite_member: () => {
        throw userError(key, { name: 'Ben' });
      },
    });
    await user.click(screen.getByRole('button', { name: 'Invite' }));
    const sheet = within(await screen.findByRole('dialog'));
    await user.type(sheet.getByLabelText('Name'), 'Ben');
    await user.type(sheet.getByLabelText('Your passphrase'), 'x');
    await user.click(sheet.getByRole('button', { name: 'Make invitation' }));
    await waitFor(() => expect(sheet.getByLabelText('Your passphrase')).toBeInvalid());
    key = 'member.nameTaken';
    await user.click(sheet.getByRole('button', { name: 'Make invitation' }));
    await waitFor(() => expect(sheet.getByLabelText('Name')).toBeInvalid());
    expect(sheet.getByLabelText('Name')).toHaveAccessibleDescription(/called Ben already/);
  });
});

describe('changing and removing', () => {
  it('saves another role', async () => {
    const { backend, user } = await start({ change_member: () => TWO });
    await user.click(await screen.findByRole('button', { name: 'Change Ben' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Change Ben' }));
    await user.click(sheet.getByRole('radio', { name: 'Auditor' }));
    await user.click(sheet.getByRole('button', { name: 'Save member' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(backend.asked.at(-1)?.input).toEqual({
      id: 'm2',
      name: 'Ben',
      role: 'auditor',
      revision: 3,
    });
  });

  it('does not overwrite what somebody else changed, shows it and says so', async () => {
    let members = TWO;
    const { user } = await start({
      list_members: () => members,
      change_member: refuse('vault.changed'),
    });
    await user.click(await screen.findByRole('button', { name: 'Change Ben' }));
    members = { members: [ANA, { ...BEN, name: 'Benjamin' }], revision: 4 };
    await user.click(await screen.findByRole('button', { name: 'Save member' }));
    expect(await row(/Benjamin/)).toBeVisible();
    expect(screen.getByText(/Somebody else changed the members meanwhile/)).toBeVisible();
  });

  it('asks for the passphrase and tells what a removed member may still know', async () => {
    const { backend, onemergency, user } = await start({
      remove_member: () => ({
        name: 'Ben',
        couldRead: ['payment-gateway', 'orders-db'],
        unread: 0,
        members: { members: [ANA], revision: 4 },
      }),
    });
    await user.click(await screen.findByRole('button', { name: 'Remove Ben' }));
    const question = within(await screen.findByRole('dialog', { name: 'Remove Ben?' }));
    await expectNoViolations();
    await user.type(question.getByLabelText('Your passphrase'), 'mine{Enter}');
    const told = await screen.findByRole('dialog', { name: 'Ben was removed' });
    expect(told).toHaveTextContent('Ben may still know 2 secrets.');
    expect(within(told).getAllByRole('listitem')).toHaveLength(2);
    expect(backend.asked.at(-1)?.input).toEqual({ id: 'm2', passphrase: 'mine', revision: 3 });
    await user.click(within(told).getByRole('button', { name: 'Replace what they know…' }));
    expect(onemergency).toHaveBeenCalledWith('left', { of: 'member', id: 'm2' });
  });

  it('says what could not be read when the keys changed, and that nothing was deleted', async () => {
    const { user } = await start({
      remove_member: () => ({
        name: 'Ben',
        couldRead: [],
        unread: 1,
        members: { members: [ANA], revision: 4 },
      }),
    });
    await user.click(await screen.findByRole('button', { name: 'Remove Ben' }));
    await user.type(await screen.findByLabelText('Your passphrase'), 'mine{Enter}');
    const told = await screen.findByRole('dialog', { name: 'Ben was removed' });
    expect(told).toHaveTextContent(/1 piece of the inbox could not be read. Nothing was deleted/);
    expect(told).not.toHaveTextContent(/may still know/);
  });
});
