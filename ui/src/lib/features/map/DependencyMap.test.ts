import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BindingChange, BlastRadius, MapOf, MapPicture, OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import { binding, consumer, consumersView } from '$lib/features/consumers/testing/made';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
  userError,
} from '$lib/features/vault/testing/made';
import DependencyMap from './DependencyMap.svelte';
import { shapeOf } from './shape';
import { withCanvas } from './testing/canvas';
import { pictureOf, shop } from './testing/made';
import { start as startView, toScreenX, toScreenY } from './view';

const DAY = 86_400_000;
const RADIUS: BlastRadius = {
  keys: [],
  credentials: 1,
  consumers: [
    {
      key: 'consumer:k1',
      name: 'web-app',
      owner: 'payments',
      reload: 'restart',
      restarts: 1,
      awayS: 38,
      stops: false,
      seen: Date.now() - 41 * DAY,
    },
    {
      key: 'consumer:k2',
      name: 'batch',
      owner: 'data',
      reload: 'nextRun',
      restarts: 0,
      awayS: 0,
      stops: false,
      seen: null,
    },
  ],
  stops: 0,
  restarts: 1,
  downS: 38,
  tell: ['data', 'payments'],
  cutOff: [],
  unread: [],
};

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  messages.clear();
});

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const canvas = withCanvas();
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_map: () => shop(),
    read_radius: () => RADIUS,
    read_words: () => ({ environments: ['dev', 'prod'], owners: [], issuers: [], tags: [] }),
    list_consumers: () =>
      consumersView(
        consumer(),
        consumer({ id: 'k3', consumer: { ...consumer().consumer, name: 'lonely' }, bindings: [] }),
      ),
    ...answers,
  });
  const did = {
    onopen: vi.fn(),
    oncredential: vi.fn(),
    onrotate: vi.fn(),
    onask: vi.fn(),
    onemergency: vi.fn(),
  };
  render(DependencyMap, { session, vault, ...did });
  const inputs = <T>(name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input as T);
  return { backend, canvas, inputs, user: userEvent.setup(), ...did };
}

const picture = () => screen.findByRole('application', { name: 'Dependency map' });
const list = () => screen.findByRole('treegrid', { name: 'Dependency map' });
const details = (name: string) => screen.findByRole('region', { name });

/** Where a node lies on the screen. */
function placeOf(key: string, of: MapPicture = shop()) {
  const shape = shapeOf(of);
  const node = shape.at.get(key) ?? -1;
  const view = startView(1080, 700, shape.height);
  const [x, y] = [shape.x[node] ?? 0, shape.y[node] ?? 0];
  return { clientX: toScreenX(view, x + 20), clientY: toScreenY(view, y + 16), button: 0 };
}

async function point(...at: { clientX: number; clientY: number }[]) {
  const canvas = (await picture()).querySelector('canvas');
  if (!canvas) throw new Error('there is a canvas');
  const [first, ...rest] = at;
  const last = rest.at(-1) ?? first;
  await fireEvent.pointerDown(canvas, first);
  for (const one of rest) await fireEvent.pointerMove(canvas, one);
  await fireEvent.pointerUp(canvas, last);
}

async function openList(user: ReturnType<typeof userEvent.setup>) {
  await picture();
  await user.click(screen.getByRole('radio', { name: 'List' }));
  return list();
}

describe('the map', () => {
  it('is a picture that says in a sentence what it shows', async () => {
    const { canvas } = await start();
    await picture();
    expect(
      screen.getByRole('img', {
        name: 'Map of 1 issuer, 2 credentials, 3 consumers. 2 orphans.',
      }),
    ).toBeVisible();
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent(
      'Map 2 credentials, 3 consumers',
    );
    await waitFor(() =>
      expect(canvas.words()).toEqual(
        expect.arrayContaining(['payment-gateway', 'web-app', 'Restart, ~38 s', 'Credential']),
      ),
    );
    await waitFor(async () => expect(await picture()).not.toHaveAttribute('aria-busy'));
    await expectNoViolations();
  });

  it('is walked through with the arrow keys, which tell what each node is', async () => {
    const { user } = await start();
    const map = await picture();
    map.focus();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    const told = () =>
      document.getElementById(map.getAttribute('aria-activedescendant') ?? '')?.ariaLabel ??
      document
        .getElementById(map.getAttribute('aria-activedescendant') ?? '')
        ?.getAttribute('aria-label');
    expect(told()).toBe(
      'legacy-crm, OAuth client, No policy, links from 1, to 0, Nobody is known to use it',
    );
    await user.keyboard('{ArrowLeft}');
    expect(told()).toMatch(/^payment\.example, Issuer/);
  });

  it('tells of a chosen credential whom a change reaches, and starts its rotation', async () => {
    const { inputs, onrotate, oncredential, user } = await start();
    (await picture()).focus();
    await user.keyboard('{Home}{Enter}');
    const panel = await details('payment-gateway');
    await waitFor(() =>
      expect(panel).toHaveTextContent(
        /Blast radius.*Overdue.*consumers.*2.*restart.*1.*down.*~38 s.*data.*payments/,
      ),
    );
    expect(panel).toHaveTextContent('web-app: not seen for 41 days');
    expect(panel).toHaveTextContent('1 consumer was never seen to work.');
    expect(inputs('read_radius').at(-1)).toEqual({
      keys: ['credential:c1'],
      group: null,
      threat: 'rotate',
    });
    await expectNoViolations();
    await user.click(within(panel).getByRole('button', { name: 'Rotate…' }));
    expect(onrotate).toHaveBeenCalledWith(
      expect.objectContaining({ id: 'c1', name: 'payment-gateway' }),
    );
    (await picture()).focus();
    await user.keyboard('{Enter}');
    expect(oncredential).toHaveBeenCalledWith('c1');
    await user.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.queryByRole('region', { name: 'payment-gateway' })).toBeNull(),
    );
  });

  it('chooses what is pressed, and lets go of it beside', async () => {
    await start();
    await point(placeOf('consumer:k2'));
    expect(await details('batch')).toHaveTextContent(/Consumer.*credential.*1.*Next run/);
    await point({ clientX: 10, clientY: 690 });
    await waitFor(() => expect(screen.queryByRole('region', { name: 'batch' })).toBeNull());
  });

  it('binds a consumer that is drawn onto a credential: the form is filled in', async () => {
    const { inputs, user } = await start({
      save_binding: () => ({ binding: null, faults: [] }),
    });
    await point(placeOf('consumer:k3'), placeOf('credential:c2'));
    const sheet = within(await screen.findByRole('dialog', { name: 'Add a consumer' }));
    await waitFor(() => expect(sheet.getByLabelText('Who uses it')).toHaveValue('k3'));
    await user.click(sheet.getByRole('button', { name: /^Add consumer/ }));
    await waitFor(() => expect(inputs('save_binding')).toHaveLength(1));
    expect(inputs<BindingChange>('save_binding')[0]).toMatchObject({
      id: null,
      credential: 'c2',
      consumer: 'k3',
    });
  });

  it('moves when empty ground is dragged, and binds nothing', async () => {
    const { canvas } = await start();
    await picture();
    await waitFor(() => expect(canvas.words()).toContain('web-app'));
    await point({ clientX: 10, clientY: 600 }, { clientX: 10, clientY: 500 });
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Close details' })).toBeNull();
  });

  it('marks what is looked for, and goes from one to the next', async () => {
    const { user } = await start();
    await picture();
    await user.type(screen.getByRole('searchbox', { name: 'Find in the map' }), 'a');
    expect(screen.getByRole('searchbox')).toHaveAccessibleDescription('5 found');
    await user.keyboard('{Enter}');
    expect(await details('payment.example')).toBeVisible();
    await user.keyboard('{Enter}');
    expect(await details('payment-gateway')).toBeVisible();
    await user.clear(screen.getByRole('searchbox'));
    await user.type(screen.getByRole('searchbox'), 'zzz');
    expect(screen.getByRole('searchbox')).toHaveAccessibleDescription('Nothing found');
  });

  it('leaves environments out and gathers by what is wanted', async () => {
    const { inputs, user } = await start();
    await picture();
    await user.click(screen.getByRole('button', { name: 'Hide' }));
    await user.click(await screen.findByRole('menuitem', { name: 'dev' }));
    await user.click(await screen.findByRole('button', { name: 'Show the environment dev again' }));
    await user.click(screen.getByRole('button', { name: 'Group' }));
    await user.click(await screen.findByRole('menuitem', { name: 'By owner' }));
    expect(await screen.findByRole('button', { name: 'Group: owner' })).toBeVisible();
    await waitFor(() =>
      expect(inputs<MapOf>('read_map')).toEqual([
        // To see how much there is.
        { group: 'owner', open: [], hide: [] },
        { group: null, open: [], hide: [] },
        { group: null, open: [], hide: ['dev'] },
        { group: null, open: [], hide: [] },
        { group: 'owner', open: [], hide: [] },
      ]),
    );
  });

  it('is gathered by owner where there are many nodes, and a group opens', async () => {
    const many = pictureOf(
      Array.from({ length: 301 }, (_, at) => ({ key: `consumer:k${at}`, y: at * 44 })),
      [],
    );
    const group = pictureOf(
      [
        { key: 'consumers:data', y: 0, count: 301 },
        { key: 'credentials:sales team', y: 44, count: 3 },
      ],
      [],
    );
    const { inputs, onask, user } = await start({
      read_map: ({ group: by, open }) => (by && open.length === 0 ? group : many),
    });
    expect(await screen.findByRole('button', { name: 'Group: owner' })).toBeVisible();
    await point(placeOf('credentials:sales team', group));
    const sales = within(await details('sales team'));
    await user.click(sales.getByRole('button', { name: 'Show in the inventory' }));
    expect(onask).toHaveBeenCalledWith('owner:"sales team"');
    await point(placeOf('consumers:data', group));
    await user.click(within(await details('data')).getByRole('button', { name: 'Open group' }));
    await waitFor(() =>
      expect(inputs<MapOf>('read_map').at(-1)).toEqual({
        group: 'owner',
        open: ['data'],
        hide: [],
      }),
    );
  });

  it('is written to a file in each format', async () => {
    const { inputs, user } = await start({
      ask_for_place: () => '/home/ana/map.svg',
      export_picture: () => null,
    });
    await picture();
    for (const format of ['PNG', 'SVG', 'DOT', 'JSON']) {
      await user.click(screen.getByRole('button', { name: 'Export' }));
      await user.click(await screen.findByRole('menuitem', { name: `Export as ${format}` }));
    }
    await waitFor(() => expect(inputs('export_picture')).toHaveLength(4));
    expect(inputs('export_picture')[1]).toEqual({
      file: '/home/ana/map.svg',
      format: 'svg',
      picture: { of: 'map', showing: { group: null, open: [], hide: [] } },
      drawn: null,
    });
    expect(inputs('export_picture')[0]).toMatchObject({ format: 'png', drawn: 'UE5H' });
  });

  it('is read again when something changed, and keeps what was chosen', async () => {
    let now = shop();
    const { backend } = await start({ read_map: () => now });
    await point(placeOf('credential:c1'));
    await details('payment-gateway');
    now = shop();
    now.nodes.name[1] = 'payment-gateway-2';
    backend.tell('inventory_changed', null);
    expect(await details('payment-gateway-2')).toBeVisible();
  });
});

describe('links that cannot be read', () => {
  it('are counted', async () => {
    await start({ read_map: () => shop({ unread: 3 }) });
    await picture();
    expect(screen.getByText(/^3 links are left out/)).toBeVisible();
  });
});

describe('orphans', () => {
  it('are listed with the way to mend each', async () => {
    const { onopen, user } = await start({
      read_map: () =>
        shop({
          orphans: [
            { key: 'consumer:k3', name: 'lonely', why: 'noCredential' },
            { key: 'account:pay', name: 'payment.example', why: 'noLiveCredential' },
          ],
        }),
    });
    await picture();
    await user.click(screen.getByRole('button', { name: 'Orphans 2' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Orphans' }));
    await expectNoViolations();
    await user.click(sheet.getByRole('button', { name: 'Open issuers: payment.example' }));
    expect(onopen).toHaveBeenCalledWith('issuers');
  });

  it('without a credential get one that is chosen from all there are', async () => {
    const { user } = await start();
    await picture();
    await user.click(screen.getByRole('button', { name: 'Orphans 2' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Orphans' }));
    await user.click(sheet.getByRole('button', { name: 'Choose its credential: lonely' }));
    const question = await screen.findByRole('dialog', {
      name: 'Which credential does lonely use?',
    });
    await user.selectOptions(within(question).getByLabelText('Credential'), 'legacy-crm');
    await user.click(within(question).getByRole('button', { name: 'Continue' }));
    const form = within(await screen.findByRole('dialog', { name: 'Add a consumer' }));
    await waitFor(() => expect(form.getByLabelText('Who uses it')).toHaveValue('k3'));
  });

  it('that nobody uses get a consumer', async () => {
    const { user } = await start();
    await picture();
    await user.click(screen.getByRole('button', { name: 'Orphans 2' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Orphans' }));
    await user.click(sheet.getByRole('button', { name: 'Bind a consumer: legacy-crm' }));
    expect(
      await screen.findByRole('dialog', { name: 'Add a consumer', description: /legacy-crm/ }),
    ).toBeVisible();
  });
});

describe('the list', () => {
  it('holds what the picture holds, line by line', async () => {
    const { user } = await start();
    const grid = await openList(user);
    const rows = within(grid).getAllByRole('row').slice(1);
    expect(rows.map((row) => row.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
      'payment.example',
      'payment-gateway Overdue Set up 1 Oct, not seen yet',
      expect.stringMatching(/^web-app Restart, ~38 s Seen to work/),
      'batch Next run Set up 1 Oct, not seen yet',
      'legacy-crm No policy Set up 1 Oct, not seen yet Nobody is known to use it',
      'lonely It uses no credential',
    ]);
    expect(rows.map((row) => row.getAttribute('aria-level'))).toEqual([
      '1',
      '2',
      '3',
      '3',
      '2',
      '1',
    ]);
    await expectNoViolations();
  });

  it('is opened with T, walked by keys, and closes and opens its lines', async () => {
    const { user } = await start();
    await picture();
    await user.keyboard('t');
    const grid = await list();
    await waitFor(() => expect(grid).toHaveFocus());
    await user.keyboard('{Home}{ArrowDown}{ArrowLeft}');
    expect(within(grid).getByRole('row', { name: /^payment-gateway/ })).toHaveAttribute(
      'aria-expanded',
      'false',
    );
    expect(within(grid).queryByRole('row', { name: /^web-app/ })).toBeNull();
    await user.keyboard('{ArrowRight}{ArrowRight}{Enter}');
    expect(await details('payment-gateway → web-app')).toHaveTextContent(/Link.*Seen to work/);
    expect(within(grid).getByRole('row', { name: /^web-app/ })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await user.keyboard('t');
    expect(await picture()).toBeVisible();
  });

  it('removes a link when somebody agrees', async () => {
    const { inputs, user } = await start({ delete_binding: () => consumersView() });
    const grid = await openList(user);
    grid.focus();
    await user.keyboard('{Home}{ArrowDown}{ArrowDown}{Delete}');
    const question = within(
      await screen.findByRole('alertdialog', { name: 'Remove payment-gateway from web-app?' }),
    );
    await user.click(question.getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(inputs('delete_binding')).toEqual([{ id: binding().id }]));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  });

  it('says when a link is gone meanwhile', async () => {
    const { user } = await start({ list_consumers: () => consumersView() });
    const grid = await openList(user);
    grid.focus();
    await user.keyboard('{Home}{ArrowDown}{ArrowDown}{Delete}');
    await waitFor(() => expect(messages.visible[0]?.text).toMatch(/not there any more/));
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });
});

describe('a map that cannot be shown', () => {
  it('is explained while there is nothing to draw', async () => {
    const { onopen, user } = await start({ read_map: () => pictureOf([], []) });
    await user.click(await screen.findByRole('button', { name: 'Open the inventory' }));
    expect(onopen).toHaveBeenCalledWith('inventory');
    await expectNoViolations();
  });

  it('says when everything is hidden, and shows it again', async () => {
    const { user } = await start({
      read_map: ({ hide }) => (hide.length > 0 ? pictureOf([], []) : shop()),
    });
    await picture();
    await user.click(screen.getByRole('button', { name: 'Hide' }));
    await user.click(await screen.findByRole('menuitem', { name: 'prod' }));
    await user.click(await screen.findByRole('button', { name: 'Show all' }));
    expect(await picture()).toBeVisible();
  });

  it('says why it cannot be read, and is read again', async () => {
    let broken = true;
    const { user } = await start({
      read_map: () => {
        if (broken) throw userError('vault.unreadable', { file: '/v', reason: 'denied' });
        return shop();
      },
    });
    await screen.findByRole('region', { name: 'Vault not readable' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await picture()).toBeVisible();
  });

  it('says that it loads', async () => {
    const { promise, end } = slow<MapPicture>();
    await start({ read_map: () => promise });
    expect(screen.getByText('Loading')).toBeInTheDocument();
    end(shop());
    expect(await picture()).toBeVisible();
  });

  it('says why a radius cannot be told', async () => {
    await start({ read_radius: refuse('vault.damaged') });
    await point(placeOf('credential:c1'));
    const panel = await details('payment-gateway');
    await waitFor(() => expect(panel).toHaveTextContent(/integrity|damaged/i));
  });

  it('changes nothing for a role that may not, and says why', async () => {
    await start({}, openVault({ role: 'auditor', may: ['see', 'audit'] }));
    await point(placeOf('credential:c2'), placeOf('consumer:k3'));
    expect(screen.queryByRole('dialog')).toBeNull();
    await point(placeOf('credential:c1'));
    const panel = within(await details('payment-gateway'));
    expect(panel.getByRole('button', { name: 'Rotate…' })).toHaveAccessibleDescription(
      'Your role, Auditor, does not replace secrets.',
    );
  });
});
