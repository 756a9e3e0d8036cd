import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Credential, CredentialList, OpenVault, Row } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import { Taking } from '$lib/features/credential/taking.svelte';
import type { Command } from '$lib/features/frame/commands';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
} from '$lib/features/vault/testing/made';
import Palette from './Palette.svelte';

const row = (id: string, name: string, part: Partial<Row> = {}): Row => ({
  id,
  version: 1,
  name,
  kind: 'apiKey',
  environment: 'prod',
  owner: 'payments',
  issuer: '',
  risk: 'standard',
  tags: [],
  status: 'healthy',
  due: null,
  expires: null,
  rotated: 0,
  changed: 0,
  paused: false,
  archived: null,
  policy: 'usual',
  uses: 2,
  restarts: 1,
  unread: false,
  ...part,
});

const GATEWAY = row('c1', 'payment-gateway', { status: 'expired', due: 0 });
const PAYOUTS = row('c2', 'payouts-db', { kind: 'databaseLogin' });
const CACHE = row('c3', 'session-cache', { kind: 'secret' });
const ALL = [GATEWAY, PAYOUTS, CACHE];

const list = (rows: Row[], part: Partial<CredentialList> = {}): CredentialList => ({
  rows,
  from: 0,
  total: rows.length,
  all: 248,
  groups: [],
  unknown: [],
  instead: [],
  ...part,
});

const credential = (of: Row, fields: Record<string, string> = {}): Credential => ({
  row: of,
  metadata: { ...of, description: '', notes: '', fields },
  unread: [],
  rotates: null,
  created: 0,
  verified: null,
  used: null,
  counters: { reveals: 0, copies: 0, rotations: 0, refreshes: 0, failures: 0 },
  versions: [],
});

const read = ({ id }: { id: string }) => {
  const of = ALL.find((one) => one.id === id);
  if (!of) return refuse('credential.gone')();
  return {
    credential: credential(of, { keyId: 'key_8f2c' }),
    policy: null,
    policyName: '',
    next: [],
    facts: {
      expires: null,
      issuedAt: null,
      issuer: null,
      subject: null,
      names: [],
      keyId: null,
      fingerprint: null,
      algorithm: null,
      serial: null,
      tokenExpires: null,
      encrypted: false,
    },
    measures: {},
    emergencyHours: 0,
    asksPassphrase: false,
  };
};

interface Start {
  answers?: Answers;
  vault?: OpenVault;
  recent?: string[];
}

async function start({ answers = {}, vault = openVault(), recent = [] }: Start = {}) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_credentials: ({ query }) => list(ALL.filter(({ name }) => name.includes(query))),
    read_credential: read,
    copy_value: ({ id }) => ({
      name: ALL.find((one) => one.id === id)?.name ?? '',
      until: Date.now() + 30_000,
    }),
    ...answers,
  });
  const on = {
    ...{ onopen: vi.fn(), onuses: vi.fn(), onrotate: vi.fn(), ontaken: vi.fn() },
    ...{ onask: vi.fn(), onclose: vi.fn() },
  };
  const done = vi.fn();
  const commands: Command[] = [
    { name: 'Add credential', icon: 'plus', keys: 'Mod+N', run: () => done('add') },
    { name: 'Import', icon: 'download', reason: 'Your role does not.', run: () => done('import') },
    { name: 'Lock vault', icon: 'lock', run: () => done('lock') },
    {
      name: 'Delete view PCI',
      icon: 'close',
      question: { title: 'Delete the view PCI?', text: 'Only the view.', button: 'Delete view' },
      run: () => done('delete'),
    },
  ];
  const taking = new Taking(session);
  const { unmount } = render(Palette, { session, vault, taking, recent, commands, ...on });
  const user = userEvent.setup();
  const field = await screen.findByRole('combobox', { name: 'Credential or command' });
  await waitFor(() => expect(field).toHaveFocus());
  return { session, backend, user, field, done, unmount, ...on };
}

const options = () => screen.queryAllByRole('option');
const chosen = () => screen.getByRole('option', { selected: true });
const copies = (asked: { name: string; input: unknown }[]) =>
  asked.filter(({ name }) => name === 'copy_value').map(({ input }) => input);

describe('the palette', () => {
  it('finds by name, and Enter copies the secret and closes', async () => {
    const { backend, user, ontaken, onclose } = await start();
    await user.keyboard('pay');
    await waitFor(() => expect(chosen()).toHaveTextContent('payment-gateway'));
    expect(screen.getByRole('status')).toHaveTextContent('2 of 248');
    expect(backend.asked.at(-1)).toEqual({
      name: 'list_credentials',
      input: {
        query: 'pay',
        ordering: { by: 'name', descending: false, group: null },
        from: 0,
        most: 20,
      },
    });
    await expectNoViolations();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(copies(backend.asked)).toEqual([
      { id: 'c1', number: null, field: null, passphrase: null },
    ]);
    expect(ontaken).toHaveBeenCalledWith('c1');
  });

  it('opens with Mod+Enter what the arrows chose', async () => {
    const { backend, user, field, onopen } = await start();
    await user.keyboard('pay');
    await waitFor(() => expect(chosen()).toHaveTextContent('payment-gateway'));
    await user.keyboard('{ArrowDown}');
    expect(chosen()).toHaveTextContent('payouts-db');
    expect(field).toHaveAttribute('aria-activedescendant', chosen().id);
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(onopen).toHaveBeenCalledWith('c2'));
    expect(copies(backend.asked)).toEqual([]);
  });

  it('never shows or copies what an older answer brings', async () => {
    const older = slow<CredentialList>();
    const newer = slow<CredentialList>();
    const { backend, user, onclose } = await start({
      answers: { list_credentials: ({ query }) => (query === 'p' ? older : newer).promise },
    });
    await user.keyboard('pa{Enter}');
    older.end(list([CACHE]));
    await older.promise;
    expect(copies(backend.asked)).toEqual([]);
    newer.end(list([PAYOUTS]));
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(copies(backend.asked)).toEqual([expect.objectContaining({ id: 'c2' })]);
  });

  it('keeps the newer answer when the older one comes after it', async () => {
    const older = slow<CredentialList>();
    const { user } = await start({
      answers: {
        list_credentials: ({ query }) => (query === 'p' ? older.promise : list([PAYOUTS])),
      },
    });
    await user.keyboard('pa');
    await waitFor(() => expect(chosen()).toHaveTextContent('payouts-db'));
    older.end(list([CACHE]));
    await older.promise;
    await waitFor(() => expect(chosen()).toHaveTextContent('payouts-db'));
    expect(screen.queryByText('session-cache')).toBeNull();
  });

  it('hands tags, owners and environments on as they are', async () => {
    const { backend, user } = await start();
    await user.keyboard('#pci @payments env:prod');
    await waitFor(() =>
      expect(backend.asked.at(-1)?.input).toMatchObject({ query: '#pci @payments env:prod' }),
    );
  });

  it('says what was not understood, what was found instead, and when nothing was', async () => {
    let answer = list([], { unknown: ['due:soon'] });
    const { user } = await start({ answers: { list_credentials: () => answer } });
    await user.keyboard('x');
    expect(await screen.findByText('Not understood: due:soon')).toBeVisible();
    expect(screen.getByText(/^No credential matches/)).toBeVisible();
    answer = list([GATEWAY], { instead: ['payment'] });
    await user.keyboard('y');
    expect(await screen.findByText(/Found instead: payment$/)).toBeVisible();
  });

  it('tells in three lines why it cannot look', async () => {
    const { user } = await start({ answers: { list_credentials: refuse('vault.unreadable') } });
    await user.keyboard('pay');
    expect(await screen.findByText('What happened')).toBeVisible();
  });

  it('shows everything that was found in the inventory', async () => {
    const { user, onask } = await start();
    await user.keyboard('pay');
    await user.click(await screen.findByRole('option', { name: /Show in the inventory/ }));
    await waitFor(() => expect(onask).toHaveBeenCalledWith('pay'));
  });
});

describe('without text', () => {
  it('offers what was used not long ago, as it is now, and the commands', async () => {
    const { user, backend, onclose } = await start({ recent: ['c3', 'gone', 'c1'] });
    const recent = within(await screen.findByRole('group', { name: 'Recent' }));
    expect(recent.getAllByRole('option').map((one) => one.textContent)).toEqual([
      expect.stringContaining('session-cache'),
      expect.stringContaining('payment-gateway'),
    ]);
    expect(screen.getByRole('group', { name: 'Commands' })).toBeVisible();
    await expectNoViolations();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(copies(backend.asked)).toEqual([expect.objectContaining({ id: 'c3' })]);
  });
});

describe('commands', () => {
  it('are found alone after >, and run', async () => {
    const { backend, user, done, onclose } = await start();
    await user.keyboard('>lock');
    expect(options()).toHaveLength(1);
    expect(backend.asked.map(({ name }) => name)).not.toContain('list_credentials');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(done).toHaveBeenCalledWith('lock');
  });

  it('say when none is called that', async () => {
    const { user } = await start();
    await user.keyboard('>fly');
    expect(screen.getByText('No command is called that.')).toBeVisible();
    expect(options()).toHaveLength(0);
    await expectNoViolations();
  });

  it('that cannot be run now say why and stay', async () => {
    const { user, done, onclose } = await start();
    await user.keyboard('>import{Enter}');
    expect(chosen()).toHaveTextContent('Your role does not.');
    expect(chosen()).toHaveAttribute('aria-disabled', 'true');
    expect(done).not.toHaveBeenCalled();
    expect(onclose).not.toHaveBeenCalled();
  });

  it('that take something away ask first, and Enter by habit does nothing', async () => {
    const { user, done, onclose } = await start();
    await user.keyboard('>delete{Enter}');
    const question = await screen.findByRole('alertdialog', { name: 'Delete the view PCI?' });
    await waitFor(() =>
      expect(within(question).getByText('Cancel').closest('button')).toHaveFocus(),
    );
    await user.keyboard('{Enter}');
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(done).not.toHaveBeenCalled();
  });

  it('that take something away are done when they are confirmed', async () => {
    const { user, done } = await start();
    await user.keyboard('>delete{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Delete view' }));
    expect(done).toHaveBeenCalledWith('delete');
  });
});

describe('rotating from the palette', () => {
  const MEANT = expect.objectContaining({ id: 'c2', name: 'payouts-db' }) as unknown;

  it('shows what uses the first that was found, and everything of an owner', async () => {
    const { user, onuses } = await start();
    await user.keyboard('pay');
    const uses = await screen.findByRole('option', { name: /^Show what uses payment-gateway/ });
    expect(uses).toHaveTextContent('2 consumers, 1 is restarted for a new value');
    await user.click(uses);
    await waitFor(() => expect(onuses).toHaveBeenCalledExactlyOnceWith('c1'));
  });

  it('filters by the owner whose name was begun', async () => {
    const { user, onask } = await start();
    await user.keyboard('pay');
    await user.click(await screen.findByRole('option', { name: /^Filter by owner payments/ }));
    await waitFor(() => expect(onask).toHaveBeenCalledExactlyOnceWith('owner:payments'));
  });

  it('is offered as a command for the credential that was found first', async () => {
    const { backend, user, onrotate, onclose } = await start();
    await user.keyboard('payout');
    await user.click(await screen.findByRole('option', { name: /^Rotate payouts-db/ }));
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(onrotate).toHaveBeenCalledExactlyOnceWith(MEANT);
    expect(copies(backend.asked)).toEqual([]);
  });

  it('is done by Mod+R for the credential that the arrows chose', async () => {
    const { user, onrotate } = await start();
    await user.keyboard('pay');
    await waitFor(() => expect(chosen()).toHaveTextContent('payment-gateway'));
    await user.keyboard('{ArrowDown}{Control>}r{/Control}');
    await waitFor(() => expect(onrotate).toHaveBeenCalledExactlyOnceWith(MEANT));
  });

  it('is not offered while nothing was found, and says why where it cannot be done', async () => {
    const reader = openVault({ role: 'reader', may: ['see', 'useSecrets'] });
    const { user, onrotate } = await start({ vault: reader });
    await user.keyboard('nothing');
    await screen.findByText(/^No credential matches/);
    expect(screen.queryByRole('option', { name: /^Rotate/ })).toBeNull();
    await user.clear(screen.getByRole('combobox'));
    await user.keyboard('payout');
    const rotate = await screen.findByRole('option', { name: /^Rotate payouts-db/ });
    expect(rotate).toHaveTextContent('Your role, Reader, does not replace secrets.');
    await user.click(rotate);
    expect(onrotate).not.toHaveBeenCalled();
  });
});

describe('all actions', () => {
  it('are shown by the right arrow, and one step back by the left one and Esc', async () => {
    const { user, onclose } = await start();
    await user.keyboard('pay');
    await waitFor(() => expect(chosen()).toHaveTextContent('payment-gateway'));
    await user.keyboard('{ArrowRight}');
    const actions = within(
      await screen.findByRole('group', { name: 'Actions for payment-gateway' }),
    );
    expect(actions.getAllByRole('option').map((one) => one.textContent?.trim())).toEqual([
      expect.stringMatching(/^Copy secret/),
      'Copy key ID',
      expect.stringMatching(/^Open/),
      expect.stringMatching(/^Show what uses it/),
      expect.stringMatching(/^Rotate/),
      'Archive',
    ]);
    await expectNoViolations();
    await user.keyboard('{ArrowLeft}');
    expect(chosen()).toHaveTextContent('payment-gateway');
    await user.keyboard('{ArrowRight}');
    await screen.findByRole('group', { name: /^Actions/ });
    await user.keyboard('{Escape}');
    expect(chosen()).toHaveTextContent('payment-gateway');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(onclose).toHaveBeenCalled());
  });

  it('move the caret instead while it is inside the text', async () => {
    const { user } = await start();
    await user.keyboard('pay{ArrowLeft}{ArrowRight}');
    await waitFor(() => expect(chosen()).toHaveTextContent('payment-gateway'));
    expect(screen.queryByRole('group', { name: /^Actions/ })).toBeNull();
  });

  it('copy the identifier', async () => {
    const { backend, user, onclose } = await start();
    await user.keyboard('pay{ArrowRight}');
    await user.click(await screen.findByRole('option', { name: 'Copy key ID' }));
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(copies(backend.asked)).toEqual([
      { id: 'c1', number: null, field: 'keyId', passphrase: null },
    ]);
  });

  it('archive after a question, with a way back', async () => {
    const { backend, user } = await start({
      answers: { change_many: () => [{ id: 'c1', name: 'payment-gateway', problem: null }] },
    });
    await user.keyboard('pay{ArrowRight}');
    await user.click(await screen.findByRole('option', { name: 'Archive' }));
    await screen.findByRole('alertdialog', { name: 'Archive payment-gateway?' });
    await user.click(screen.getByRole('button', { name: 'Archive credential' }));
    await waitFor(() =>
      expect(backend.asked.at(-1)).toEqual({
        name: 'change_many',
        input: { seen: [{ id: 'c1', version: 1 }], change: { to: 'archive' } },
      }),
    );
    await waitFor(() => expect(messages.visible.at(-1)?.text).toBe('Archived payment-gateway.'));
    messages.visible.at(-1)?.action?.onselect();
    expect(backend.asked.at(-1)?.input).toEqual({
      seen: [{ id: 'c1', version: 2 }],
      change: { to: 'restore' },
    });
  });

  it('are few where the vault is open elsewhere: it opens, and only what is no secret is copied', async () => {
    const readOnly = { process: 1, computer: 'desk', since: 0 };
    const { backend, user, onopen } = await start({ vault: openVault({ readOnly }) });
    await user.keyboard('pay{ArrowRight}');
    const copy = await screen.findByRole('option', { name: /^Copy secret/ });
    expect(copy).toHaveTextContent('Here no secret is shown or copied');
    const identifier = screen.getByRole('option', { name: 'Copy key ID' });
    expect(identifier).not.toHaveAttribute('aria-disabled');
    await user.keyboard('{ArrowLeft}{Enter}');
    await waitFor(() => expect(onopen).toHaveBeenCalledWith('c1'));
    expect(copies(backend.asked)).toEqual([]);
  });

  it('are those that the role allows: an auditor opens, and copies nothing', async () => {
    const auditor = openVault({ role: 'auditor', may: ['see', 'audit'] });
    const { backend, user, onopen } = await start({ vault: auditor });
    await user.keyboard('pay{ArrowRight}');
    const copy = await screen.findByRole('option', { name: /^Copy secret/ });
    expect(copy).toHaveTextContent('Your role, Auditor, does not use secrets.');
    expect(copy).toHaveAttribute('aria-disabled', 'true');
    await user.keyboard('{ArrowLeft}{Enter}');
    await waitFor(() => expect(onopen).toHaveBeenCalledWith('c1'));
    expect(copies(backend.asked)).toEqual([]);
  });
});
