import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MoveAnswer, OpenVault, PlannedMove, TimelineView } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
} from '$lib/features/vault/testing/made';
import { recorded } from './testing/canvas';
import { inDays, lane, planned, timelineView } from './testing/made';
import Timeline from './Timeline.svelte';

const SOME = timelineView(
  [
    [
      lane('apiKey', { overdue: 1, due: 2 }),
      [
        planned('late', -3, { status: 'overdue', movable: false, planned: null }),
        planned('orders-db', 5, { status: 'dueSoon', restarts: 4 }),
      ],
    ],
    [lane('sshKey', { strip: true, count: 90, due: 7, heat: Array(1096).fill(0) }), []],
  ],
  {
    clashes: [
      {
        consumer: 'w',
        consumerName: 'web-app',
        first: 'orders-db',
        firstName: 'orders-db',
        firstAt: inDays(5),
        second: 'hidden',
        secondName: 'hidden',
        secondAt: inDays(5),
      },
    ],
  },
);
const LIMIT = inDays(7);

const answer = ({ to }: PlannedMove): MoveAnswer => {
  const refused = to !== null && to > LIMIT ? { why: 'beyondLimit' as const, limit: LIMIT } : null;
  const at = refused ? null : (to ?? inDays(6));
  return { at, refused, limit: LIMIT, restarts: 4, clashes: [] };
};

async function start(
  view: TimelineView | (() => TimelineView | Promise<TimelineView>) = SOME,
  answers: Answers = {},
  vault: OpenVault = openVault(),
) {
  const read = typeof view === 'function' ? view : () => view;
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_timeline: read,
    move_planned: answer,
    ...answers,
  });
  const on = {
    oncredential: vi.fn(),
    onrotate: vi.fn(),
    onpolicies: vi.fn(),
    onask: vi.fn(),
  };
  render(Timeline, { session, vault, singleKeys: true, ...on });
  const asked = (name: string) => backend.asked.filter((one) => one.name === name);
  return { backend, asked, user: userEvent.setup(), ...on };
}

const rows = () => screen.findByRole('treegrid', { name: 'Credentials on the timeline' });
const row = (name: RegExp) => screen.findByRole('row', { name });

/** To the row of orders-db: below the head of its lane and the row before. */
async function toOrders(user: ReturnType<typeof userEvent.setup>) {
  (await rows()).focus();
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
}

afterEach(() => messages.clear());

describe('the timeline', () => {
  it('says in each row what the picture shows of it, and in a sentence what all of it is', async () => {
    await start();
    await rows();
    const text =
      /^orders-db 5 d Status: Due soon\..*Planned: Sat 21 Nov, 14:02\. Latest: Mon 23 Nov/;
    expect(await row(text)).toBeVisible();
    expect(await row(/^SSH keys 7 90 credentials, 7 due/)).toHaveAttribute(
      'aria-expanded',
      'false',
    );
    expect(
      screen.getByRole('img', { name: /92 credentials in 2 lanes.*1 overdue, 8 due/ }),
    ).toBeVisible();
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent(
      '1 overdue, 8 due in 7 days',
    );
    await expectNoViolations();
  });

  it('is a table with the same rows and facts by one key', async () => {
    const { user } = await start();
    await rows();
    const said = (await screen.findAllByRole('row'))
      .slice(1)
      .map((one) => within(one).getAllByRole('gridcell').at(-1)?.textContent?.trim());
    await user.keyboard('t');
    const table = await screen.findByRole('table');
    const columns = within(table)
      .getAllByRole('columnheader')
      .map((one) => one.textContent);
    const told = within(table)
      .getAllByRole('row')
      .slice(1)
      .map((one) => {
        const cells = within(one)
          .getAllByRole('cell')
          .map((cell) => cell.textContent?.trim());
        if (cells.length === 2) return cells[0];
        return cells
          .slice(0, -1)
          .flatMap((text, at) => (text ? [`${columns[at + 1]}: ${text}.`] : []))
          .join(' ');
      });
    expect(told).toEqual(said);
    await expectNoViolations();
  });

  it('opens a crowded lane, and a credential', async () => {
    const { asked, user, oncredential } = await start();
    await toOrders(user);
    await user.keyboard('{Enter}');
    expect(oncredential).toHaveBeenCalledWith('orders-db');
    await user.keyboard('{ArrowDown}{Enter}');
    expect(asked('read_timeline').at(-1)?.input).toMatchObject({ open: ['sshKey'] });
  });

  it('is read by other lanes and with a filter, and says when nothing fits', async () => {
    let found = true;
    const { asked, user } = await start(() => (found ? SOME : timelineView([])));
    await rows();
    await user.click(screen.getByRole('button', { name: 'Lanes: type' }));
    await user.click(await screen.findByText('By owner'));
    expect(asked('read_timeline').at(-1)?.input).toMatchObject({ lanes: 'owner' });
    found = false;
    await user.type(screen.getByRole('searchbox', { name: 'Filter' }), 'x');
    expect(await screen.findByRole('heading', { name: 'Nothing fits' })).toBeVisible();
    found = true;
    await user.click(screen.getByRole('button', { name: 'Clear filter' }));
    await rows();
  });

  it('reads another stretch of time when it is moved there', async () => {
    const { asked, user } = await start();
    await rows();
    await user.click(screen.getByRole('radio', { name: 'Year' }));
    const before = asked('read_timeline').length;
    for (let times = 0; times < 4; times += 1) {
      await user.click(screen.getByRole('button', { name: 'Later' }));
    }
    await waitFor(() => expect(asked('read_timeline').length).toBeGreaterThan(before));
  });
});

describe('its states', () => {
  it('are a skeleton at first, and an error with a way to try again', async () => {
    const work = slow<TimelineView>();
    let broken = true;
    const { user } = await start(async () => {
      await work.promise;
      return broken ? refuse('vault.unreadable', { file: '/v', reason: 'gone' })() : SOME;
    });
    expect(screen.getByText('Loading')).toBeInTheDocument();
    work.end(SOME);
    await screen.findByRole('region', { name: 'Vault not readable' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await rows();
  });

  it('lead to the policies where nothing has a date', async () => {
    const { user, onpolicies } = await start(timelineView([[lane('apiKey'), [{ id: 'a' }]]]));
    await screen.findByRole('heading', { name: 'No dates yet' });
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: 'Open policies' }));
    expect(onpolicies).toHaveBeenCalledOnce();
  });
});

describe('a planned rotation', () => {
  it('is moved by keys after a question, and back again', async () => {
    const { asked, user } = await start();
    await toOrders(user);
    await user.keyboard(']');
    await screen.findByText('Move to Sun 22 Nov, 14:02?');
    expect(asked('move_planned').at(-1)?.input).toMatchObject({ onlyAsk: true });
    await screen.findByText('4 restarts');
    await expectNoViolations();
    await user.keyboard('{Enter}');
    await waitFor(() =>
      expect(asked('move_planned').at(-1)?.input).toEqual({
        id: 'orders-db',
        version: 1,
        to: inDays(6),
        onlyAsk: false,
      }),
    );
    await waitFor(() => expect(messages.visible.at(-1)?.action?.label).toBe('Undo'));
    messages.visible.at(-1)?.action?.onselect();
    await waitFor(() =>
      expect(asked('move_planned').at(-1)?.input).toMatchObject({ to: inDays(5), onlyAsk: false }),
    );
  });

  it('stays where it is beyond what its policy allows, which is said', async () => {
    const { asked, user } = await start();
    await toOrders(user);
    await user.keyboard(']');
    await screen.findByText('Move to Sun 22 Nov, 14:02?');
    await user.keyboard(']]');
    await screen.findByText(/^Not moved\. Its policy wants it done by Mon 23 Nov/);
    await user.keyboard('{Enter}');
    expect(asked('move_planned').every(({ input }) => (input as PlannedMove).onlyAsk)).toBe(true);
    await user.keyboard('{Escape}');
    expect(screen.queryByText(/^Not moved/)).toBeNull();
  });

  it('is moved by a dialog too, from the table', async () => {
    const { asked, user } = await start();
    await rows();
    await user.keyboard('t');
    await user.click(await screen.findByRole('button', { name: 'Reschedule orders-db' }));
    const dialog = await screen.findByRole('dialog', { name: 'Reschedule orders-db' });
    const move = within(dialog).getByRole('button', { name: 'Move' });
    expect(move).toHaveAccessibleDescription('Choose another moment first.');
    await user.click(within(dialog).getByRole('button', { name: 'Earlier' }));
    await within(dialog).findByText('Move to Fri 20 Nov, 14:02?');
    await expectNoViolations();
    await user.click(within(dialog).getByRole('button', { name: 'Move' }));
    await waitFor(() =>
      expect(asked('move_planned').at(-1)?.input).toMatchObject({ to: inDays(4), onlyAsk: false }),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('cannot be moved where it is past its limit, or by who does not rotate, which is said', async () => {
    const { user } = await start(SOME, {}, openVault({ role: 'reader', may: ['see'] }));
    await rows();
    await user.keyboard('t');
    const reschedule = await screen.findByRole('button', { name: 'Reschedule orders-db' });
    expect(reschedule).toHaveAccessibleDescription(/^Your role, Reader/);
  });

  it('that is past says since when, and that it is to be rotated', async () => {
    const overdue = {
      row: [0],
      kind: ['overdue' as const],
      from: [inDays(-3)],
      until: [inDays(0)],
    };
    const { user } = await start({ ...SOME, spans: overdue });
    (await rows()).focus();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(await screen.findByText(/^Overdue since Fri 13 Nov/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Reschedule' })).toHaveAccessibleDescription(
      'It is past its limit: rotate it.',
    );
  });

  it('that restarts a consumer together with another is told apart from it', async () => {
    const { asked, user } = await start();
    await screen.findByText(/web-app restarts twice in 30 min\./);
    await user.click(screen.getByRole('button', { name: 'Space out' }));
    expect(asked('read_timeline').at(-1)?.input).toMatchObject({ find: 'hidden' });
  });
});

describe('an export', () => {
  it('as pixels is drawn here, with the names of all rows', async () => {
    const { context, calls } = recorded();
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
    vi.spyOn(HTMLCanvasElement.prototype, 'toDataURL').mockReturnValue(
      'data:image/png;base64,QQ==',
    );
    const { asked, user } = await start(SOME, {
      ask_for_place: () => '/home/ana/t.png',
      export_picture: () => null,
    });
    await rows();
    await user.click(screen.getByRole('button', { name: 'Export' }));
    await user.click(await screen.findByText('Picture (PNG)'));
    await waitFor(() =>
      expect(asked('export_picture').at(-1)?.input).toMatchObject({ format: 'png', drawn: 'QQ==' }),
    );
    const said = calls.filter(({ does }) => does === 'fillText').map(({ with: [text] }) => text);
    expect(said).toEqual(expect.arrayContaining(['API keys', 'orders-db', '5 d', 'SSH keys']));
    vi.restoreAllMocks();
  });

  it('writes what is shown, and a calendar of everything', async () => {
    let place: string | null = null;
    const { asked, user } = await start(SOME, {
      ask_for_place: () => place,
      export_picture: () => null,
    });
    await rows();
    const choose = async (name: string) => {
      await user.click(screen.getByRole('button', { name: 'Export' }));
      await user.click(await screen.findByText(name));
    };
    await choose('Drawing (SVG)');
    expect(asked('export_picture')).toEqual([]);
    place = '/home/ana/t.ics';
    await choose('Calendar (ICS)');
    await waitFor(() => expect(messages.visible.at(-1)?.text).toBe(`The timeline is in ${place}.`));
    expect(asked('export_picture').at(-1)?.input).toMatchObject({
      file: place,
      format: 'ics',
      drawn: null,
      picture: { of: 'timeline', look: { open: ['apiKey', 'sshKey'] } },
    });
  });
});
