import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type {
  CredentialView,
  Destination,
  ListOf,
  OpenVault,
  Row,
  SavedView,
  ViewsView,
} from '$lib/bindings';
import type { Answers, Rehearsed } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import { DAY, notice, noticesView } from '$lib/features/notices/testing/made';
import { SettingsState } from '$lib/features/settings/settings.svelte';
import {
  noRotation,
  planView,
  rotationView,
  runRow,
  runView,
} from '$lib/features/rotation/testing/made';
import {
  openVault,
  refuse,
  sessionView,
  startSession,
  userError,
} from '$lib/features/vault/testing/made';
import { incidentRow, incidentView } from '$lib/features/emergency/testing/made';
import Frame from './Frame.svelte';
// Loaded beforehand: the tests are not about how long that takes.
import './unlocked';

const GATEWAY: Row = {
  id: 'c1',
  version: 1,
  name: 'payment-gateway',
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
};
const VIEW: CredentialView = {
  credential: {
    row: GATEWAY,
    metadata: { ...GATEWAY, description: '', notes: '', fields: {} },
    unread: [],
    rotates: null,
    created: 0,
    verified: null,
    used: null,
    counters: { reveals: 0, copies: 0, rotations: 0, refreshes: 0, failures: 0 },
    versions: [],
  },
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
const PCI: SavedView = {
  id: 'v1',
  name: 'PCI',
  query: '#pci env:prod',
  ordering: { by: 'owner', descending: true, group: null },
  hidden: ['tags'],
};
const VIEWS: ViewsView = {
  saved: [PCI],
  unread: [],
  counts: { all: 248, attention: 11, dueSoon: 5, highRisk: 42, inGrace: 2, unread: 0 },
};

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_about: () => ({
      version: '9.8.7',
      system: 'linux',
      settingsFile: '/s',
      logFolder: '/l',
      logLevel: 'info',
      logProblem: null,
    }),
    list_views: () => VIEWS,
    list_credentials: () => ({
      rows: [GATEWAY],
      from: 0,
      total: 1,
      all: 248,
      groups: [],
      unknown: [],
      instead: [],
    }),
    read_credential: () => VIEW,
    read_activity: () => [],
    read_words: () => ({ environments: [], owners: [], issuers: [], tags: [] }),
    list_policies: () => ({ usual: [], own: [], unread: [] }),
    list_members: () => ({ members: [], revision: 0 }),
    list_runs: () => ({ runs: [], orphans: [], paused: null }),
    read_notices: () => noticesView(),
    list_incidents: () => ({ incidents: [] }),
    list_accounts: () => ({ accounts: [], presets: [], usualAtOnce: {}, faults: [], saved: null }),
    list_consumers: () => ({ consumers: [], unread: [], saved: null }),
    read_rotation: () => noRotation(),
    list_backups: () => ({ folder: '/b', backups: [], problem: null }),
    read_key_ring: () => ({ problem: null, until: null }),
    copy_value: () => ({ name: 'payment-gateway', until: Date.now() + 30_000 }),
    clear_clipboard: () => null,
    ...answers,
  });
  const on = { onlock: vi.fn(), onquit: vi.fn() };
  render(Frame, { backend, settings: new SettingsState(backend), session, ...on });
  await screen.findByText('Keyturn 9.8.7');
  await screen.findByRole('button', { name: /^Needs attention/ });
  return { backend, user: userEvent.setup(), ...on };
}

afterEach(() => messages.clear());

/** The screen that is open. Not by its role: asking a whole page for roles takes long. */
const title = (name: string | RegExp) =>
  waitFor(() => expect(document.querySelector('main h1')).toHaveTextContent(name));
const field = () => screen.findByRole('combobox', { name: 'Credential or command' });
const questions = (asked: { name: string; input: unknown }[]) =>
  asked.filter(({ name }) => name === 'list_credentials').map(({ input }) => input as ListOf);

async function find(user: ReturnType<typeof userEvent.setup>, text: string) {
  await user.keyboard('{Control>}k{/Control}');
  const input = await field();
  await waitFor(() => expect(input).toHaveFocus());
  if (text) await user.keyboard(text);
}

describe('a place outside of the window', () => {
  it('leads to a credential, also where it was chosen before there was a page', async () => {
    await start({ take_destination: () => ({ to: 'credential', id: 'c1' }) });
    await title('payment-gateway');
  });

  it('leads to what needs attention, and to the timeline, when it is chosen', async () => {
    const places: Destination[] = [{ to: 'timeline' }, { to: 'attention' }];
    const { backend } = await start({ take_destination: () => places.pop() ?? null });
    const asked = () => backend.asked.findLast(({ name }) => name === 'list_credentials')?.input;
    await waitFor(() => expect((asked() as ListOf).query).toBe('status:attention'));
    backend.tell('destination_changed', null);
    await title('Timeline');
  });
});

describe('an emergency', () => {
  const member = { id: 'm2', name: 'Dana', role: 'rotator' as const };
  const members = () => ({
    members: [{ ...member, you: false, added: 0, lastUnlocked: null, invitedUntil: null }].map(
      (one) => ({ ...one, fingerprint: '9f3a', canChange: true }),
    ),
    revision: 1,
  });

  it('begins from the tray with what was said there, and leads to its plan', async () => {
    const { backend, user } = await start({
      take_destination: () => ({ to: 'emergency', cause: 'left' }),
      list_members: members,
      open_incident: () => incidentView(),
      read_incident: () => incidentView(),
    });
    await title('Emergency');
    await user.click(await screen.findByRole('button', { name: /^Dana/ }));
    await title('A computer of Dana is lost');
    const asked = backend.asked.find(({ name }) => name === 'open_incident')?.input;
    expect(asked).toMatchObject({ cause: 'left', scope: { of: 'member', id: 'm2' } });
  });

  it('that is not over stands in the top bar and leads back to it', async () => {
    const { user } = await start({
      list_incidents: () => ({ incidents: [incidentRow({ started: 1 })] }),
      read_incident: () => incidentView(),
    });
    await user.click(await screen.findByRole('button', { name: 'INC-2026-007' }));
    await title('A computer of Dana is lost');
  });

  it('opens by its key, and takes a file that is dropped there', async () => {
    const { backend, user } = await start();
    await user.keyboard('{Control>}{Shift>}e{/Shift}{/Control}');
    await title('Emergency');
    backend.tell('file_dropped', { file: '/tmp/dump.log' });
    expect(await screen.findByText('/tmp/dump.log')).toBeVisible();
    expect(backend.asked.map(({ name }) => name)).not.toContain('look_at_import');
  });
});

describe('the keys of the frame', () => {
  it.each([
    ['2', 't', /^Timeline/],
    ['3', 'm', /^Map/],
    ['4', 'r', /^Rotations/],
    ['5', 'u', /^Issuers/],
    ['6', 'c', /^Consumers/],
    ['7', 'p', /^Policies/],
    ['8', 'e', /^Members/],
    ['9', 's', /^Security/],
    ['{Shift>}b{/Shift}', 'b', /^Backup/],
    ['{Shift>}n{/Shift}', 'n', /^Notifications/],
  ])('open a screen by Mod+%s, and by G then %s', async (digit, letter, name) => {
    const { user } = await start();
    await user.keyboard(`{Control>}${digit}{/Control}`);
    await title(name);
    await user.keyboard('{Control>}1{/Control}');
    await title(/^Inventory/);
    await user.keyboard(`g${letter}`);
    await title(name);
    await user.keyboard('gi');
    await title(/^Inventory/);
  });

  it('open Help by a question mark', async () => {
    const { user } = await start();
    await user.keyboard('?');
    await title('Help');
  });

  it('leave what is open above alone', async () => {
    const { user } = await start();
    await find(user, '');
    await user.keyboard('{Control>}5{/Control}{Control>}n{/Control}');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await title(/^Inventory/);
  });

  it('add a credential', async () => {
    const { user } = await start();
    await user.keyboard('{Control>}n{/Control}');
    expect(await screen.findByRole('dialog', { name: 'Add credential' })).toBeVisible();
  });

  it('say why nothing can be added', async () => {
    const { user } = await start({}, openVault({ role: 'reader', may: ['see', 'useSecrets'] }));
    await user.keyboard('{Control>}n{/Control}');
    await waitFor(() => expect(messages.visible.at(-1)?.text).toMatch(/^Your role, Reader/));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the views', () => {
  it('ask the inventory, from any screen, and show what they count', async () => {
    const { backend, user } = await start();
    const attention = screen.getByRole('button', { name: /^Needs attention/ });
    await waitFor(() => expect(attention).toHaveTextContent('11'));
    await user.keyboard('{Control>}8{/Control}');
    await title(/^Members/);
    await user.click(attention);
    await title(/^Inventory/);
    expect(attention).toHaveAttribute('aria-current', 'page');
    await waitFor(() => expect(questions(backend.asked).at(-1)?.query).toBe('status:attention'));
    await expectNoViolations();

    await user.click(screen.getByRole('button', { name: /^Inventory/ }));
    await waitFor(() => expect(questions(backend.asked).at(-1)?.query).toBe(''));
    expect(attention).not.toHaveAttribute('aria-current');
  });

  it.each([
    ['Due in 7 days', 'due:<7d'],
    ['High risk', 'risk:high'],
    ['Two keys valid', 'status:grace'],
    ['No policy', 'policy:none'],
    ['No consumers', 'uses:none'],
    ['Mine', 'owner:me'],
    ['Archived', 'is:archived'],
  ])('%s asks %s', async (name, query) => {
    const { backend, user } = await start();
    await user.click(screen.getByRole('button', { name: new RegExp(`^${name}`) }));
    await waitFor(() => expect(questions(backend.asked).at(-1)?.query).toBe(query));
  });

  it('that were saved ask in their own order', async () => {
    const { backend, user } = await start();
    await user.click(await screen.findByRole('button', { name: 'PCI' }));
    await waitFor(() =>
      expect(questions(backend.asked).at(-1)).toMatchObject({
        query: PCI.query,
        ordering: PCI.ordering,
      }),
    );
  });

  it('are counted again when the inventory changes', async () => {
    let views = VIEWS;
    const { backend } = await start({ list_views: () => views });
    views = { ...VIEWS, counts: { ...VIEWS.counts, all: 249, attention: 12 } };
    backend.tell('inventory_changed', null);
    const attention = screen.getByRole('button', { name: /^Needs attention/ });
    await waitFor(() => expect(attention).toHaveTextContent('12'));
  });

  it('are deleted, and come back when that was a mistake', async () => {
    const { backend, user } = await start({
      delete_view: () => ({ ...VIEWS, saved: [] }),
      save_view: () => VIEWS,
    });
    await user.click(await screen.findByRole('button', { name: 'More for PCI' }));
    // By its text: nothing is placed in a page without a layout, so the menu counts as hidden.
    await user.click(await screen.findByText('Delete view'));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'PCI' })).toBeNull());
    messages.visible.at(-1)?.action?.onselect();
    expect(await screen.findByRole('button', { name: 'PCI' })).toBeVisible();
    expect(backend.asked.at(-1)).toEqual({
      name: 'save_view',
      input: { ...PCI, id: null },
    });
  });

  it('get another name, and keep what they ask', async () => {
    const { backend, user } = await start({ save_view: () => VIEWS });
    await user.click(await screen.findByRole('button', { name: 'More for PCI' }));
    await user.click(await screen.findByText('Rename view'));
    const dialog = within(await screen.findByRole('dialog', { name: 'Rename view' }));
    const name = dialog.getByLabelText('Name');
    expect(name).toHaveValue('PCI');
    await user.clear(name);
    await user.type(name, 'Cards{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(backend.asked.filter((one) => one.name === 'save_view').at(-1)?.input).toEqual({
      ...PCI,
      name: 'Cards',
    });
  });

  it('hide the columns that they keep', async () => {
    const { user } = await start();
    const head = () => screen.queryByRole('columnheader', { name: 'Tags' });
    expect(head()).toBeInTheDocument();
    await user.click(await screen.findByRole('button', { name: 'PCI' }));
    await waitFor(() => expect(head()).toBeNull());
    await user.click(screen.getByRole('button', { name: /^High risk/ }));
    await waitFor(() => expect(head()).toBeInTheDocument());
  });

  it('stay when they cannot be deleted, which is said', async () => {
    const { user } = await start({ delete_view: refuse('vault.unwritable') });
    await user.click(await screen.findByRole('button', { name: 'More for PCI' }));
    // By its text: nothing is placed in a page without a layout, so the menu counts as hidden.
    await user.click(await screen.findByText('Delete view'));
    await waitFor(() => expect(messages.visible.at(-1)?.tone).toBe('fail'));
    expect(screen.getByRole('button', { name: 'PCI' })).toBeVisible();
  });
});

describe('a credential', () => {
  it('stands in place of the inventory, and the way back is as it was left', async () => {
    const { backend, user } = await start();
    await user.click(screen.getByRole('button', { name: /^High risk/ }));
    await find(user, 'pay');
    await screen.findByRole('option', { name: /^payment-gateway/ });
    await user.keyboard('{Control>}{Enter}{/Control}');
    await title('payment-gateway');
    await user.keyboard('{Control>}1{/Control}');
    await title(/^Inventory/);
    expect(questions(backend.asked).at(-1)?.query).toBe('risk:high');
  });

  it('leads to the next one of the list that one came from', async () => {
    const all = [GATEWAY, { ...GATEWAY, id: 'c2', name: 'orders-db' }];
    const { user } = await start({
      list_credentials: ({ from, most }) => ({
        ...{ rows: all.slice(from, from + most), from, total: 2, all: 2 },
        ...{ groups: [], unknown: [], instead: [] },
      }),
      read_credential: ({ id }) => {
        const row = all.find((one) => one.id === id)!;
        return { ...VIEW, credential: { ...VIEW.credential, row } };
      },
    });
    const grid = await screen.findByRole('grid', { name: 'Credentials' });
    grid.focus();
    await user.keyboard('{Enter}');
    await title('payment-gateway');
    expect(screen.getByText('1 of 2')).toBeVisible();
    await user.keyboard(']');
    await title('orders-db');
    expect(screen.getByText('2 of 2')).toBeVisible();
    await user.keyboard('{Escape}');
    await title(/^Inventory/);
    const there = screen.getByRole('grid', { name: 'Credentials' });
    expect(there).toHaveFocus();
  });

  it('is found, copied and told in the status bar until it is cleared', async () => {
    const { backend, user } = await start();
    await find(user, 'pay{Enter}');
    const timer = await screen.findByRole('timer');
    expect(timer).toHaveTextContent(/^0:(30|29)$/);
    expect(backend.asked.filter(({ name }) => name === 'copy_value')).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Clear now' }));
    await waitFor(() => expect(screen.queryByRole('timer')).toBeNull());
    expect(backend.asked.map(({ name }) => name)).toContain('clear_clipboard');
    await waitFor(() => expect(document.body).not.toHaveFocus());
  });

  it('that was copied is offered again without typing', async () => {
    const { user } = await start();
    await find(user, 'pay{Enter}');
    await screen.findByRole('timer');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await find(user, '');
    const recent = await screen.findByRole('group', { name: 'Recent' });
    expect(within(recent).getByRole('option')).toHaveTextContent('payment-gateway');
  });
});

describe('rotating by Mod+R', () => {
  async function press(answers: Answers, vault?: OpenVault) {
    const { user, backend } = await start(answers, vault);
    await screen.findByText('payment-gateway');
    screen.getByRole('grid').focus();
    await user.keyboard('{Control>}r{/Control}');
    return { user, backend };
  }

  it('shows the plan above the inventory and begins nothing', async () => {
    const { user, backend } = await press({
      read_rotation: () => rotationView(),
      plan_rotation: () => planView(),
    });
    expect(await screen.findByRole('dialog', { name: 'Rotate payment-gateway' })).toBeVisible();
    await title(/^Inventory/);
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.getByRole('grid')).toHaveFocus());
    expect(backend.asked.map(({ name }) => name)).not.toContain('begin_rotation');
  });

  it('leads to the run that is under way', async () => {
    await press({
      read_rotation: () => rotationView({ runs: [runRow({ status: 'waiting' })] }),
      read_run: () => runView(),
    });
    await title(/payment-gateway/);
    await screen.findByRole('list', { name: 'Steps' });
  });

  it('leads to where it is set up', async () => {
    await press({});
    await title('payment-gateway');
    const tab = screen.getByRole('tab', { name: 'Rotation' });
    expect(tab).toHaveAttribute('aria-selected', 'true');
  });

  it('says why it cannot be looked at', async () => {
    await press({ read_rotation: refuse('internal') });
    await waitFor(() => expect(messages.visible).toHaveLength(1));
    await title(/^Inventory/);
  });

  it('says why the role cannot', async () => {
    const reader = openVault({ role: 'reader', may: ['see'] });
    const { backend } = await press({}, reader);
    await waitFor(() => expect(messages.visible.at(-1)?.text).toMatch(/^Your role, Reader/));
    expect(backend.asked.map(({ name }) => name)).not.toContain('read_rotation');
  });
});

describe('the rotations', () => {
  const WAITS = runRow({ id: 'r2', status: 'waiting' });
  const STOPPED = runRow({ id: 'r3', status: 'needsAttention' });

  it('that are under way are told in the status bar', async () => {
    const { user } = await start({
      list_runs: () => ({ runs: [runRow(), WAITS], orphans: [], paused: null }),
    });
    await user.click(await screen.findByRole('button', { name: /^2 rotations under way/ }));
    await title('Rotations');
  });

  it('that need somebody are counted beside their screen, and again when something changes', async () => {
    let runs = [runRow(), STOPPED];
    const { backend } = await start({ list_runs: () => ({ runs, orphans: [], paused: null }) });
    await screen.findByRole('button', { name: /^1 rotation needs attention/ });
    const entry = screen.getByRole('button', { name: /^Rotations\s*1\s*needs attention/ });
    expect(entry).toHaveAttribute('aria-keyshortcuts', 'Control+4');
    runs = [];
    backend.tell('runs_changed', null);
    await waitFor(() => expect(entry).toHaveAccessibleName('Rotations'));
    expect(screen.queryByRole('button', { name: /^1 rotation needs/ })).toBeNull();
  });

  it('open in place of the screen, lead to their credential, and go back to the list', async () => {
    const { user } = await start({
      list_runs: () => ({ runs: [runRow()], orphans: [], paused: null }),
      read_run: () => runView(),
    });
    await user.keyboard('{Control>}4{/Control}');
    await user.click(await screen.findByRole('button', { name: /^payment-gateway Rotating/ }));
    await title(/Run of payment-gateway/);
    await user.keyboard('{Escape}');
    await title('Rotations');
    await user.click(await screen.findByRole('button', { name: /^payment-gateway Rotating/ }));
    await title(/Run of payment-gateway/);
    await user.click(screen.getByRole('button', { name: 'payment-gateway' }));
    await title(/^payment-gateway$/);
  });
});

describe('the bell', () => {
  const bell = (name: string) => screen.findByRole('button', { name });

  it('counts what has to be acted on now, and leads to it', async () => {
    let view = noticesView({ now: [notice('orders-db', -DAY), notice('sms-relay', -DAY)] });
    const stopped = [runRow({ status: 'needsAttention' })];
    const { backend, user } = await start({
      read_notices: () => view,
      list_runs: () => ({ runs: stopped, orphans: [], paused: null }),
      read_rotation: () => rotationView(),
      plan_rotation: () => planView(),
    });
    await user.click(await bell('Notifications, 3 need you'));
    await title('Notifications 3 need you');
    await expectNoViolations();
    expect(await bell('Notifications, 3 need you')).toHaveAttribute('aria-current', 'page');
    await user.click(await bell('Rotate orders-db'));
    expect(await screen.findByRole('dialog', { name: 'Rotate orders-db' })).toBeVisible();
    await user.click(await bell('Cancel'));
    view = noticesView();
    backend.tell('notices_changed', null);
    await bell('Notifications, 1 needs you');
  });

  it('says nothing more when nothing needs anybody', async () => {
    const { user } = await start();
    expect(await bell('Notifications')).not.toHaveAttribute('aria-current');
    await find(user, '>notif{Enter}');
    await title('Notifications');
    await screen.findByRole('heading', { name: 'Nothing needs you' });
  });
});

describe('a file that is dropped into the window', () => {
  const drop = (backend: Rehearsed, file: string) => backend.tell('file_dropped', { file });
  const password = () => screen.findByLabelText('Password of the file');
  const look_at_import = () => ({
    format: 'kdbx',
    needsPassword: true,
    size: 48_000,
    columns: [],
    program: null,
  });

  it('is looked at, whether the sheet for imports is open or not', async () => {
    const { backend, user } = await start({ look_at_import });
    drop(backend, '/tmp/a.kdbx');
    await password();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    await screen.findByText('Drop a file into the window');
    drop(backend, '/tmp/b.kdbx');
    await password();
    expect(backend.asked.filter(({ name }) => name === 'look_at_import')).toEqual(
      ['/tmp/a.kdbx', '/tmp/b.kdbx'].map((file) => ({ name: 'look_at_import', input: { file } })),
    );
  });

  it('changes nothing while another sheet is open', async () => {
    const { backend, user } = await start({ look_at_import });
    await user.keyboard('{Control>}n{/Control}');
    await screen.findByRole('dialog', { name: 'Add credential' });
    drop(backend, '/tmp/a.kdbx');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(backend.asked.map(({ name }) => name)).not.toContain('look_at_import');
  });
});

describe('the palette of the frame', () => {
  it('opens from the top bar and gives focus back', async () => {
    const { user } = await start();
    const button = screen.getByRole('button', { name: /^Search or run a command/ });
    await user.click(button);
    await waitFor(async () => expect(await field()).toHaveFocus());
    await expectNoViolations();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(button).toHaveFocus());
  });

  it('runs what the frame can do', async () => {
    const { backend, user, onlock } = await start();
    await find(user, '>lock{Enter}');
    await waitFor(() => expect(onlock).toHaveBeenCalledOnce());
    await find(user, '>policies{Enter}');
    await title(/^Policies/);
    await find(user, '>view pci{Enter}');
    await title(/^Inventory/);
    await waitFor(() => expect(questions(backend.asked).at(-1)?.query).toBe(PCI.query));
    await find(user, '>add{Enter}');
    expect(await screen.findByRole('dialog', { name: 'Add credential' })).toBeVisible();
  });
});

describe('a warning of the vault', () => {
  it('is told above the inventory, and in full on Security', async () => {
    const warnings = [userError('backup.failed', { reason: 'disk full', folder: '/b' })];
    const { user } = await start({}, openVault({ warnings }));
    expect(screen.getByText(/^The daily backup could not be written/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'What to do' }));
    await title('Security');
    expect(screen.getByRole('region', { name: 'No backup today' })).toBeVisible();
  });
});
