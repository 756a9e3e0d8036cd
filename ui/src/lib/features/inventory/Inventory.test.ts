import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CredentialList, Done, ManyChange, OpenVault, Row } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import { hit, radius } from '$lib/features/impact/testing/made';
import { credentialView } from '$lib/features/credential/testing/made';
import { Taking } from '$lib/features/credential/taking.svelte';
import { weigh } from '$lib/features/credential/testing/made';
import { planView, runView } from '$lib/features/rotation/testing/made';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
  userError,
} from '$lib/features/vault/testing/made';
import Inventory from './Inventory.svelte';
import { Question } from './question.svelte';
import { listOf, row, rows } from './testing/rows';

const HEIGHT = 32 + 5 * 36; // five rows and the head
const DAY = 86_400_000;

const NAMED = ['payment-gateway', 'orders-db', 'legacy-crm'];
const three = (part: Partial<Row> = {}) =>
  NAMED.map((name, at) => row({ id: `c${at}`, name, ...part }));

beforeEach(() => {
  messages.clear();
  // jsdom lays nothing out, and a menu whose button has no box in the window is hidden.
  const box = (from: Element) =>
    from === document.documentElement ? new DOMRect(0, 0, 1280, 800) : new DOMRect(9, 9, 80, 32);
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    return box(this);
  });
  vi.spyOn(Element.prototype, 'getClientRects').mockImplementation(function (this: Element) {
    return [box(this)] as unknown as DOMRectList;
  });
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1280);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockImplementation(function (this: Element) {
    return this.role === 'grid' ? HEIGHT : 800;
  });
  return () => vi.restoreAllMocks();
});

async function start(
  all: Row[] = three(),
  answers: Answers = {},
  vault: OpenVault = openVault(),
  ready = true,
) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_credentials: (input) => listOf(all, input),
    read_radius: () => radius(),
    read_words: () => ({
      environments: ['prod', 'data team'],
      owners: ['payments'],
      issuers: ['stripe'],
      tags: ['pci', 'gdpr'],
    }),
    ...answers,
  });
  const question = new Question(session);
  const taking = new Taking(session);
  const on = {
    ...{ onadd: vi.fn(), onopen: vi.fn(), onrotate: vi.fn() },
    ...{ onimport: vi.fn(), onexport: vi.fn(), onhide: vi.fn(), ondemo: vi.fn() },
    onemergency: vi.fn(),
  };
  const view = render(Inventory, { session, vault, taking, question, ...on });
  if (ready) await there(all[0]?.name ?? '');
  const asked = (name: string) =>
    backend.asked.filter((one) => one.name === name).map(({ input }) => input);
  return { backend, question, on, asked, view, user: userEvent.setup() };
}

const grid = () => screen.getByRole('grid', { name: 'Credentials' });
const rowOf = (cell: HTMLElement) => cell.closest<HTMLElement>('[role="row"]')!;
/** By its text: names of rows by their role take jsdom a long time. */
const there = async (name: string) => rowOf(await screen.findByText(name));
const line = (name: string) => rowOf(screen.getByText(name));
const field = () => screen.getByRole<HTMLInputElement>('searchbox', { name: 'Filter' });
const inFocus = () => document.getElementById(grid().getAttribute('aria-activedescendant') ?? '');
const ticked = () =>
  [...grid().querySelectorAll('[aria-selected="true"] [role="rowheader"]')].map((one) =>
    one.textContent?.trim(),
  );
const said = () => messages.visible.map(({ text }) => text);

describe('the inventory', () => {
  it('shows of each credential what it is and what needs doing', async () => {
    const now = Date.now();
    await start([
      row({ status: 'overdue', due: now - 4.5 * DAY, tags: ['pci', 'tier-1', 'x', 'y'] }),
      row({
        id: 'c1',
        name: 'old',
        kind: 'sshKey',
        risk: 'standard',
        status: 'noPolicy',
        due: null,
        tags: [],
      }),
    ]);
    expect(line('payment-gateway')).toHaveTextContent(
      /API key\s*prod\s*High\s*Overdue 4 d.*34 d\s*2\s*1\s*payments\s*pci\s*tier-1\s*\+2/,
    );
    expect(line('old')).toHaveTextContent(/SSH key.*Std\s*No policy\s*No date/);
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Inventory 2');
    await expectNoViolations();
  });

  it('keeps only the rows in sight in the page, and moves the same elements when scrolled', async () => {
    const { asked } = await start(rows(100_000));
    expect(grid()).toHaveAttribute('aria-rowcount', '100001');
    const before = [...grid().querySelectorAll('[role="row"]')];
    expect(before.length).toBeLessThan(30);
    grid().scrollTop = 50_000 * 36;
    grid().dispatchEvent(new Event('scroll'));
    // Until its slice is there, a row is drawn empty.
    await waitFor(() => expect(grid().querySelector('[aria-busy]')).not.toBeNull());
    const moved = await there('name-50003');
    expect(moved).toHaveAttribute('aria-rowindex', '50005');
    expect(before).toContain(moved);
    expect([...grid().querySelectorAll('[role="row"]')]).toHaveLength(before.length);
    // What is in sight, what lies ahead of it, and what was scrolled to.
    expect(asked('list_credentials')).toHaveLength(3);
    expect(grid().querySelector('[aria-busy]')).toBeNull();
  });

  it('has its rows read in their order, whichever element shows them', async () => {
    await start(rows(1000));
    grid().scrollTop = 20 * 36;
    grid().dispatchEvent(new Event('scroll'));
    await there('name-20');
    const body = grid().querySelector('[aria-owns]');
    const read = body?.getAttribute('aria-owns')?.split(' ') ?? [];
    const names = read.map(
      (id) => document.getElementById(id)?.querySelector('[role="rowheader"]')?.textContent,
    );
    expect(names).toEqual(names.map((_, at) => `name-${18 + at}`));
  });

  it('is a skeleton until the first answer', async () => {
    const work = slow<CredentialList>();
    await start([], { list_credentials: () => work.promise }, openVault(), false);
    expect(grid()).toHaveAttribute('aria-busy', 'true');
    expect(screen.queryByText('Nothing stored yet')).toBeNull();
    work.end(listOf(three(), { query: '', from: 0, most: 100 } as never));
    expect(await there('orders-db')).toBeVisible();
  });

  it('says that nothing is stored yet, and what to do', async () => {
    const { user, on } = await start([], {}, openVault(), false);
    expect(await screen.findByRole('heading', { name: 'Nothing stored yet' })).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: /Add first credential/ }));
    await user.click(screen.getByRole('button', { name: 'Import a file' }));
    expect(on.onadd).toHaveBeenCalledOnce();
    expect(on.onimport).toHaveBeenCalledOnce();
  });

  it('says that nothing fits, and clears the filter', async () => {
    const { user } = await start(three(), {
      list_credentials: (input) => listOf(input.query ? [] : three(), input, { all: 3 }),
    });
    await user.type(field(), 'zzz');
    expect(await screen.findByRole('heading', { name: 'Nothing fits' })).toBeVisible();
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Inventory 0 of 3');
    await expectNoViolations();
    const place = screen.getByRole('heading', { name: 'Nothing fits' }).parentElement!;
    await user.click(within(place).getByRole('button', { name: 'Clear filters' }));
    expect(await there('orders-db')).toBeVisible();
    expect(field()).toHaveFocus();
  });

  it('says why it cannot be read, and is read again', async () => {
    let broken = true;
    const { user } = await start(
      [],
      {
        list_credentials: (input) => {
          if (broken) throw userError('vault.unreadable', { file: '/v', reason: 'denied' });
          return listOf(three(), input);
        },
      },
      openVault(),
      false,
    );
    await screen.findByRole('region', { name: 'Vault not readable' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await there('orders-db')).toBeVisible();
  });

  it('gathers rows under the names of their groups', async () => {
    const { user } = await start(three(), {
      list_credentials: (input) =>
        listOf(three(), input, {
          groups: input.ordering.group
            ? [
                { value: 'payments', count: 2 },
                { value: '', count: 1 },
              ]
            : [],
        }),
    });
    await user.click(screen.getByRole('button', { name: 'Group' }));
    await user.click(await screen.findByRole('menuitem', { name: 'By owner' }));
    await waitFor(() => expect(line('No owner')).toHaveTextContent('No owner 1'));
    expect(grid().querySelector('[aria-rowindex="2"]')).toHaveTextContent('payments 2');
    expect(line('No owner')).toHaveAttribute('aria-rowindex', '5');
    expect(line('legacy-crm')).toHaveAttribute('aria-rowindex', '6');
    await expectNoViolations();
  });

  it('is sorted by its headers and hides columns', async () => {
    const { user, asked } = await start();
    expect(screen.getByRole('columnheader', { name: 'Due' })).toHaveAttribute(
      'aria-sort',
      'ascending',
    );
    await user.click(screen.getByText('Name'));
    await user.click(screen.getByText('Name'));
    await waitFor(() =>
      expect(screen.getByRole('columnheader', { name: 'Name' })).toHaveAttribute(
        'aria-sort',
        'descending',
      ),
    );
    expect(asked('list_credentials').at(-1)).toMatchObject({
      ordering: { by: 'name', descending: true },
    });
    expect(screen.getByRole('button', { name: 'Sort: name, Z first' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Columns' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Risk' }));
    await waitFor(() => expect(screen.queryByRole('columnheader', { name: 'Risk' })).toBeNull());
    expect(line('orders-db')).not.toHaveTextContent('High');
  });

  it('comes back as it was left', async () => {
    const all = rows(500);
    const { user, question, on, view } = await start(all);
    grid().focus();
    await user.keyboard('{End}{Enter}');
    await there('name-499');
    await user.keyboard('{Enter}');
    expect(on.onopen).toHaveBeenCalledWith('c499', 499, false);
    const { top } = question.place;
    expect(top).toBeGreaterThan(0);
    view.unmount();
    const again = await startSession(sessionView({ vault: openVault() }), {});
    render(Inventory, {
      session: again.session,
      vault: openVault(),
      taking: new Taking(again.session),
      question,
      ...on,
    });
    expect(grid().scrollTop).toBe(top);
    expect(grid()).toHaveFocus();
    expect(inFocus()).toHaveTextContent('name-499');
  });
});

describe('the filter', () => {
  it('is text and chips at once', async () => {
    const { user, asked } = await start();
    await user.type(field(), 'pay env:prod due:<7d');
    const chips = screen.getByRole('list', { name: 'Filters' });
    expect(
      within(chips)
        .getAllByRole('listitem')
        .map((one) => one.textContent?.trim().replace(/\s+/g, ' ')),
    ).toEqual(['Env prod', 'Due within 7 days']);
    await user.click(screen.getByRole('button', { name: 'Remove filter Env prod' }));
    expect(field()).toHaveValue('pay due:<7d');
    expect(field()).toHaveFocus();
    await waitFor(() =>
      expect(asked('list_credentials').at(-1)).toMatchObject({ query: 'pay due:<7d' }),
    );
  });

  it('marks what the backend does not understand', async () => {
    const { user } = await start(three(), {
      list_credentials: (input) =>
        listOf(three(), input, { unknown: input.query === 'status:green' ? ['status:green'] : [] }),
    });
    await user.type(field(), 'status:green');
    expect(await screen.findByRole('img', { name: 'Not understood' })).toBeVisible();
    await expectNoViolations();
  });

  it('says what was looked for instead', async () => {
    const { user } = await start(three(), {
      list_credentials: (input) =>
        listOf(three(), input, { instead: input.query.includes('paymnet') ? ['payment'] : [] }),
    });
    await user.type(field(), 'paymnet env:prod');
    expect(await screen.findByText('Nothing has ‘paymnet’. Showing ‘payment’.')).toBeVisible();
  });

  it('is reached by / and Mod+F, left by arrow down, cleared by Escape', async () => {
    const { user } = await start();
    grid().focus();
    await user.keyboard('/');
    expect(field()).toHaveFocus();
    expect(field()).toHaveValue('');
    await user.keyboard('a/b');
    expect(field()).toHaveValue('a/b');
    await user.keyboard('{Escape}');
    expect(field()).toHaveValue('');
    await user.keyboard('{ArrowDown}');
    expect(grid()).toHaveFocus();
    await user.keyboard('{Control>}f{/Control}');
    expect(field()).toHaveFocus();
  });

  it('is put together by a menu of keys, then of values', async () => {
    const { user } = await start();
    const choose = async (key: string, value: string) => {
      await user.click(screen.getByRole('button', { name: 'Filter' }));
      await user.click(await screen.findByRole('menuitem', { name: key }));
      await user.click(await screen.findByRole('menuitem', { name: value }));
    };
    await choose('Status', 'Needs attention');
    expect(field()).toHaveValue('status:attention');
    await choose('Env', 'data team');
    expect(field()).toHaveValue('status:attention env:"data team"');
    await choose('Env', 'prod');
    expect(field()).toHaveValue('status:attention env:"data team",prod');
  });

  it('says of how many something cannot be read, and shows them', async () => {
    const all = [row({ unread: true }), row({ id: 'c1', name: 'sound' })];
    const { user, question, view } = await start(all);
    expect(screen.queryByText(/unreadable in part/)).toBeNull();
    await view.rerender({ unread: 1 });
    expect(screen.getByText('1 credential is unreadable in part.')).toBeVisible();
    expect(line('payment-gateway')).toContainElement(
      screen.getByRole('img', { name: 'something of it is unreadable', hidden: true }),
    );
    await user.click(screen.getByRole('button', { name: 'Show' }));
    expect(question.query).toBe('is:unreadable');
  });

  it('can be given up while it loads, and loaded again', async () => {
    const late = slow<CredentialList>();
    let asked = 0;
    const { question } = await start(
      three(),
      { list_credentials: (input) => (asked++ ? listOf(three(), input) : late.promise) },
      openVault(),
      false,
    );
    question.stop();
    const again = await screen.findByRole('button', { name: 'Try again' });
    again.click();
    await there('orders-db');
    late.end(listOf([], { from: 0, most: 1 } as never));
    await late.promise;
    expect(line('orders-db')).toBeVisible();
    expect(screen.queryByText(/Loading was stopped/)).toBeNull();
  });

  it('tells which columns were hidden, and keeps them in a view', async () => {
    const { user, on, asked } = await start(three(), {
      save_view: () => ({
        saved: [],
        unread: [],
        counts: { all: 3, attention: 0, dueSoon: 0, highRisk: 0, inGrace: 0, unread: 0 },
      }),
    });
    await user.click(screen.getByRole('button', { name: 'Columns' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Owner' }));
    expect(on.onhide).toHaveBeenCalledExactlyOnceWith(['owner']);
    await user.click(screen.getByRole('button', { name: 'Save view' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Save view' }));
    await user.type(dialog.getByLabelText('Name'), 'Mine{Enter}');
    await waitFor(() => expect(asked('save_view').at(-1)).toMatchObject({ hidden: ['owner'] }));
  });

  it('is kept as a view, with a name that is not taken', async () => {
    let taken = true;
    const { user, asked } = await start(three(), {
      save_view: () => {
        if (taken) throw userError('name.taken', { name: 'Prod' });
        return {
          saved: [],
          unread: [],
          counts: { all: 3, attention: 0, dueSoon: 0, highRisk: 0, inGrace: 0, unread: 0 },
        };
      },
    });
    await user.type(field(), 'env:prod');
    await user.click(screen.getByRole('button', { name: 'Save view' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Save view' }));
    await expectNoViolations(screen.getByRole('dialog'));
    await user.type(dialog.getByLabelText('Name'), 'Prod{Enter}');
    await waitFor(() => expect(dialog.getByLabelText('Name')).toBeInvalid());
    taken = false;
    await user.click(dialog.getByRole('button', { name: 'Save view' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked('save_view').at(-1)).toMatchObject({ id: null, name: 'Prod', query: 'env:prod' });
  });
});

describe('the keyboard', () => {
  it('moves the row in focus, and says which it is', async () => {
    const { user } = await start(rows(500));
    grid().focus();
    expect(inFocus()).toHaveTextContent('name-0');
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
    expect(inFocus()).toHaveTextContent('name-1');
    await user.keyboard('{PageDown}');
    expect(inFocus()).toHaveTextContent('name-6');
    await user.keyboard('{End}');
    await waitFor(() => expect(inFocus()).toHaveTextContent('name-499'));
    await user.keyboard('{PageUp}');
    await waitFor(() => expect(inFocus()).toHaveTextContent('name-494'));
    await user.keyboard('{Home}');
    await waitFor(() => expect(inFocus()).toHaveTextContent('name-0'));
    expect(grid().scrollTop).toBe(0);
  });

  it('opens by Enter and by a double click', async () => {
    const { user, on } = await start();
    grid().focus();
    await user.keyboard('{ArrowDown}{Enter}');
    expect(on.onopen).toHaveBeenLastCalledWith('c1', 1, false);
    await user.dblClick(screen.getByText('legacy-crm'));
    expect(on.onopen).toHaveBeenLastCalledWith('c2', 2, false);
  });

  it('copies the secret of the row in focus', async () => {
    const { user, asked } = await start(three(), {
      copy_value: () => ({ name: 'orders-db', until: null }),
    });
    grid().focus();
    await user.keyboard('{ArrowDown}{Control>}c{/Control}');
    expect(asked('copy_value')).toEqual([
      { id: 'c1', number: null, field: null, passphrase: null },
    ]);
  });

  it('rotates the row in focus by Mod+R', async () => {
    const { user, on } = await start();
    grid().focus();
    await user.keyboard('{ArrowDown}{Control>}r{/Control}');
    expect(on.onrotate).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: 'c1' }));
  });

  it('previews the row in focus by Space, without leaving the list', async () => {
    const { user, on, asked } = await start(three(), {
      read_credential: ({ id }) => {
        const view = credentialView({ row: { id }, metadata: { description: `about ${id}` } });
        return view;
      },
    });
    grid().focus();
    await user.keyboard('{ArrowDown} ');
    const peek = () => within(screen.getByRole('complementary'));
    expect(peek().getByRole('heading', { name: 'orders-db' })).toBeVisible();
    expect(await peek().findByText('about c1')).toBeVisible();
    await user.keyboard('{ArrowDown}');
    expect(peek().getByRole('heading', { name: 'legacy-crm' })).toBeVisible();
    expect(await peek().findByText('about c2')).toBeVisible();
    expect(grid()).toHaveFocus();
    await expectNoViolations();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('complementary')).toBeNull();
    expect(on.onopen).not.toHaveBeenCalled();
    expect(asked('reveal_value')).toEqual([]);
  });

  it('copies the identifier by Mod+B and opens with the secret shown by Mod+Shift+R', async () => {
    const { user, on, asked } = await start(three(), {
      copy_value: () => ({ name: 'orders-db', until: null }),
    });
    grid().focus();
    await user.keyboard('{ArrowDown}{Control>}b{/Control}');
    expect(asked('copy_value')).toEqual([
      { id: 'c1', number: null, field: 'keyId', passphrase: null },
    ]);
    await user.keyboard('{Control>}{Shift>}R{/Shift}{/Control}');
    expect(on.onopen).toHaveBeenCalledExactlyOnceWith('c1', 1, true);
  });

  it('ticks a range to its end, also what was not read yet', async () => {
    const { user } = await start(rows(500));
    grid().focus();
    await user.keyboard('{Shift>}{End}{/Shift}');
    expect(await screen.findByText('500 selected')).toBeVisible();
  });

  it('ticks by Shift and Space, in ranges with Shift, all with Mod+A, and none with Escape', async () => {
    const { user } = await start(rows(6));
    grid().focus();
    await user.keyboard('{Shift>} {/Shift}{ArrowDown}{ArrowDown}');
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    await waitFor(() => expect(ticked()).toEqual(['name-0', 'name-2', 'name-3', 'name-4']));
    await user.keyboard('{Shift>}{ArrowUp}{/Shift}');
    await waitFor(() => expect(ticked()).toEqual(['name-0', 'name-2', 'name-3']));
    await user.keyboard('{Control>}a{/Control}');
    await waitFor(() => expect(ticked()).toHaveLength(6));
    expect(screen.getByText('6 selected')).toBeVisible();
    await expectNoViolations();
    await user.keyboard('{Escape}');
    expect(ticked()).toEqual([]);
    expect(screen.queryByRole('region', { name: 'Selection' })).toBeNull();
  });

  it('stays on its credential when the list is read anew', async () => {
    const all = rows(8);
    const { backend, user } = await start(all);
    grid().focus();
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
    expect(inFocus()).toHaveTextContent('name-3');
    all.splice(0, 2);
    backend.tell('inventory_changed', null);
    await waitFor(() => expect(grid()).toHaveAttribute('aria-rowcount', '7'));
    expect(inFocus()).toHaveTextContent('name-3');
    expect(grid()).toHaveFocus();
  });
});

describe('what is ticked', () => {
  const idsOf = ({ seen }: ManyChange) => seen.map(({ id }) => id);
  const seen = (version: number, ...ids: string[]) => ids.map((id) => ({ id, version }));
  const done = (ids: string[], failed: string[] = []): Done[] =>
    ids.map((id) => ({
      id,
      name: NAMED[Number(id.slice(1))] ?? id,
      problem: failed.includes(id) ? userError('vault.changed') : null,
    }));

  async function all(answers: Answers, part: Partial<Row> = {}, vault = openVault()) {
    const started = await start(three(part), answers, vault);
    await started.user.click(screen.getByRole('checkbox', { name: 'Select all' }));
    await screen.findByText('3 selected');
    return started;
  }

  const pause = async (user: ReturnType<typeof userEvent.setup>) => {
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Pause 3 credentials?' }));
    await user.click(dialog.getByRole('button', { name: 'Pause' }));
  };

  it('is paused once it was shown whom that reaches', async () => {
    const { user, asked } = await all({
      change_many: (input) => done(idsOf(input)),
      read_radius: () => radius({ credentials: 3, consumers: [hit()] }),
    });
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    const dialog = await screen.findByRole('dialog', { name: 'Pause 3 credentials?' });
    await waitFor(() =>
      expect(dialog).toHaveTextContent(/Blast radius: 1 consumer.*gets no new one by itself/),
    );
    expect(asked('change_many')).toEqual([]);
    await expectNoViolations(dialog);
    await user.click(within(dialog).getByRole('button', { name: 'Pause' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked('change_many')).toEqual([
      { seen: seen(1, 'c0', 'c1', 'c2'), change: { to: 'pause' } },
    ]);
    expect(said()).toEqual(['3 credentials paused.']);
  });

  it('is archived, told exactly, and taken back as it was archived', async () => {
    const { user, asked } = await all({
      change_many: (input) => done(idsOf(input), input.change.to === 'archive' ? ['c2'] : []),
    });
    await user.click(screen.getByRole('button', { name: 'Archive' }));
    await waitFor(() =>
      expect(said()).toEqual([
        '2 credentials archived. 1 was not: legacy-crm - changed meanwhile.',
      ]),
    );
    expect(ticked()).toEqual(['legacy-crm']);
    messages.visible[0]?.action?.onselect();
    await waitFor(() => expect(said().at(-1)).toBe('2 credentials restored.'));
    expect(asked('change_many')).toEqual([
      { seen: seen(1, 'c0', 'c1', 'c2'), change: { to: 'archive' } },
      { seen: seen(2, 'c0', 'c1'), change: { to: 'restore' } },
    ]);
  });

  it('is changed as it was seen: now in the list, or when the dialog was opened', async () => {
    const now = three();
    const { backend, user, asked } = await start(now, {
      change_many: (input) => done(idsOf(input), ['c0', 'c1', 'c2']),
    });
    await user.click(screen.getByRole('checkbox', { name: 'Select all' }));
    const changedBySomebody = async (version: number) => {
      now.splice(0, 3, ...three({ version, owner: `owner-${version}` }));
      backend.tell('inventory_changed', null);
      await waitFor(() => expect(screen.getAllByText(`owner-${version}`)).toHaveLength(3));
    };
    await changedBySomebody(4);
    await user.click(screen.getByRole('button', { name: 'Owner, env, tags' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByLabelText('Owner')).toHaveValue('owner-4');
    await changedBySomebody(5);
    await user.type(dialog.getByLabelText('Environment'), '2');
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    // What they changed is in the list; the dialog that was opened before is of no more use.
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(said().at(-1)).toMatch(/^Nothing was changed\. 3 were not: .* - changed meanwhile/);
    expect(ticked()).toHaveLength(3);
    await pause(user);
    await waitFor(() => expect(asked('change_many')).toHaveLength(2));
    expect(asked('change_many')).toMatchObject([
      { seen: seen(4, 'c0', 'c1', 'c2') },
      { seen: seen(5, 'c0', 'c1', 'c2') },
    ]);
  });

  it('says when nothing could be done, and keeps everything ticked', async () => {
    const { user } = await all({ change_many: refuse('vault.diskFull', { file: '/v' }) });
    await pause(user);
    await waitFor(() => expect(said()[0]).toContain('there is no room left on the disk of /v'));
    expect(ticked()).toHaveLength(3);
  });

  it('is paused, or goes on when all of it is paused', async () => {
    const { user, asked } = await all(
      { change_many: (input) => done(idsOf(input)) },
      { paused: true },
    );
    expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Resume' }));
    await waitFor(() => expect(said()).toEqual(['3 credentials resumed.']));
    expect(asked('change_many')).toEqual([
      { seen: seen(1, 'c0', 'c1', 'c2'), change: { to: 'resume' } },
    ]);
    await waitFor(() => expect(grid()).toHaveFocus());
  });

  it('is rotated, but for what something speaks against', async () => {
    const plan = { ...planView(), windowOpens: null };
    const { user, asked } = await all({
      plan_rotation: ({ credential }) => {
        if (credential === 'c1') return { ...plan, needsConsent: true };
        if (credential === 'c2') throw userError('rotation.notSetUp');
        return plan;
      },
      begin_rotation: () => runView(),
    });
    await user.click(screen.getByRole('button', { name: 'Rotate…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Rotate 3 credentials' }));
    await dialog.findByText('1 of 3 can be rotated now.');
    expect(asked('read_radius')).toEqual([
      { keys: ['credential:c0'], group: null, threat: 'rotate' },
    ]);
    const left = dialog.getByRole('region', { name: 'Not rotated' });
    const [own, none] = within(left).getAllByRole('term');
    expect(own).toHaveTextContent('needs your word 1');
    expect(none).toHaveTextContent('Rotation not set up 1');
    expect(none?.nextElementSibling).toHaveTextContent('legacy-crm');
    await expectNoViolations(screen.getByRole('dialog'));
    await user.click(dialog.getByRole('button', { name: 'Rotate 1' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked('begin_rotation')).toEqual([{ credential: 'c0', consent: false }]);
    expect(said().at(-1)).toBe('1 credential put into rotation.');
    expect(ticked()).toHaveLength(2);
  });

  it('is not rotated when nothing of it can be', async () => {
    const { user, asked } = await all({ plan_rotation: refuse('rotation.notSetUp') });
    await user.click(screen.getByRole('button', { name: 'Rotate…' }));
    const dialog = within(await screen.findByRole('dialog'));
    await dialog.findByText('0 of 3 can be rotated now.');
    await user.click(dialog.getByRole('button', { name: 'Rotate 0' }));
    expect(asked('begin_rotation')).toEqual([]);
  });

  it('goes into an emergency together', async () => {
    const { user, on } = await all({});
    await user.click(screen.getByRole('button', { name: 'Emergency…' }));
    expect(on.onemergency).toHaveBeenCalledExactlyOnceWith('chosen', {
      of: 'credentials',
      ids: ['c0', 'c1', 'c2'],
    });
  });

  it('goes out without any value', async () => {
    const { user, on } = await all({});
    await user.click(screen.getByRole('button', { name: 'Export metadata' }));
    expect(on.onexport).toHaveBeenCalledExactlyOnceWith('', ['c0', 'c1', 'c2']);
  });

  it('gets another policy', async () => {
    const { user, asked } = await all({
      change_many: (input) => done(idsOf(input)),
      list_policies: () => ({
        usual: [],
        own: [{ id: 'p1', version: 1, name: 'PCI', policy: {} as never, followers: 1 }],
        unread: [],
      }),
    });
    await user.click(screen.getByRole('button', { name: 'Apply policy' }));
    const dialog = within(
      await screen.findByRole('dialog', { name: 'Apply policy to 3 credentials' }),
    );
    expect(dialog.getByRole('radio', { name: 'The usual one' })).toBeChecked();
    await user.click(await dialog.findByRole('radio', { name: 'PCI' }));
    await expectNoViolations(screen.getByRole('dialog'));
    await user.click(dialog.getByRole('button', { name: 'Apply policy' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked('change_many').at(-1)).toMatchObject({ change: { to: 'policy', policy: 'p1' } });
  });

  it('gets another owner and tags, and keeps what was not touched', async () => {
    const { user, asked } = await all({ change_many: (input) => done(idsOf(input)) });
    await user.click(screen.getByRole('button', { name: 'Owner, env, tags' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByLabelText('Owner')).toHaveValue('payments');
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    expect(dialog.getByText('Nothing is different yet.')).toBeVisible();
    await user.clear(dialog.getByLabelText('Owner'));
    await user.type(dialog.getByLabelText('Owner'), 'data');
    await user.type(dialog.getByLabelText('Add tags'), '#gdpr, tier-1');
    await user.type(dialog.getByLabelText('Remove tags'), 'pci');
    await expectNoViolations(screen.getByRole('dialog'));
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked('change_many').map((input) => (input as { change: unknown }).change)).toEqual([
      {
        to: 'words',
        owner: 'data',
        environment: null,
        add: ['#gdpr', 'tier-1'],
        remove: ['pci'],
      },
    ]);
    expect(said()).toEqual(['3 credentials changed.']);
  });

  it('gets no tag that is too long, which is said at the field', async () => {
    const { user, asked } = await all({
      change_many: (input) => done(idsOf(input)),
      weigh_credential: (input) => ({
        ...weigh(input),
        metadataFaults: input.metadata.tags.some((tag) => tag.length > 40)
          ? ['name', 'tags']
          : ['name'],
      }),
    });
    await user.click(screen.getByRole('button', { name: 'Owner, env, tags' }));
    const dialog = within(await screen.findByRole('dialog'));
    const tags = dialog.getByLabelText('Add tags');
    await user.click(tags);
    await user.paste('x'.repeat(41));
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(tags).toBeInvalid());
    expect(tags).toHaveAccessibleDescription(/at most 40 characters/);
    expect(asked('change_many')).toEqual([]);
    await user.type(tags, '{Backspace}');
    await waitFor(() => expect(tags).toBeValid());
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(asked('change_many')).toHaveLength(1));
  });

  it('is deleted when it is archived, after the number was typed', async () => {
    const { user, asked } = await all(
      {
        delete_credentials: ({ ids }) => done(ids),
        read_radius: () =>
          radius({ credentials: 3, consumers: [hit({ name: 'a' }), hit({ name: 'b' })] }),
      },
      { archived: 1, status: 'archived' },
    );
    expect(screen.queryByRole('button', { name: 'Archive' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Delete' }));
    const dialog = within(
      await screen.findByRole('alertdialog', { name: 'Delete 3 credentials?' }),
    );
    await waitFor(() =>
      expect(screen.getByRole('alertdialog')).toHaveTextContent(
        /gone for good.*Blast radius: 2 consumers.*can’t replace it there/,
      ),
    );
    await expectNoViolations(screen.getByRole('alertdialog'));
    await user.type(dialog.getByRole('textbox'), '2{Enter}');
    expect(asked('delete_credentials')).toEqual([]);
    expect(dialog.getByRole('textbox')).toBeInvalid();
    await user.clear(dialog.getByRole('textbox'));
    await user.type(dialog.getByRole('textbox'), '3{Enter}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(asked('delete_credentials')).toEqual([{ ids: ['c0', 'c1', 'c2'], typed: '3' }]);
  });

  it('asks for the name when it is one', async () => {
    const { user, asked } = await start(three({ archived: 1 }), {
      delete_credentials: ({ ids }) => done(ids),
      read_radius: () => radius({ consumers: [hit()] }),
    });
    grid().focus();
    await user.keyboard('{ArrowDown}{Shift>} {/Shift}');
    await user.click(screen.getByRole('button', { name: 'Delete' }));
    await screen.findByText('1 consumer');
    await user.type(await screen.findByLabelText('Type the name: orders-db'), 'orders-db{Enter}');
    await waitFor(() =>
      expect(asked('delete_credentials')).toEqual([{ ids: ['c1'], typed: 'orders-db' }]),
    );
  });

  it('is let go when something else is asked', async () => {
    const { user } = await all({});
    await user.type(field(), 'x');
    expect(screen.queryByText('3 selected')).toBeNull();
  });

  it('cannot be changed with a role that does not allow it, which is said', async () => {
    await all({}, {}, openVault({ role: 'reader', may: ['see', 'useSecrets'] }));
    for (const name of ['Archive', 'Apply policy', 'Add credential', 'Import', 'Save view']) {
      expect(screen.getByRole('button', { name })).toHaveAccessibleDescription(
        'Your role, Reader, does not change credentials.',
      );
    }
  });
});
