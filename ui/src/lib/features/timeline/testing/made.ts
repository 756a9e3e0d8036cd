/** Timelines that are made up for tests. */
import type { TimelineLane, TimelineSpan, TimelineView, Timestamp } from '$lib/bindings';
import { DAY } from '../axis';

export const NOW: Timestamp = new Date(2026, 10, 16, 14, 2).getTime();

export const inDays = (days: number): Timestamp => NOW + days * DAY;

type Rows = TimelineView['rows'];
export type MadeRow = {
  [Key in keyof Rows]?: Rows[Key][number];
} & { spans?: [kind: TimelineSpan, from: Timestamp, until: Timestamp][] };

/** A row planned in so many days, replaced once 30 days ago. */
export const planned = (id: string, days: number, part: MadeRow = {}): MadeRow => ({
  id,
  name: id,
  planned: inDays(days),
  due: inDays(days),
  limit: inDays(days + 2),
  spans: [
    ['valid', inDays(-30), inDays(days)],
    ['grace', inDays(days), inDays(days + 1)],
  ],
  ...part,
});

export const lane = (name: string, part: Partial<TimelineLane> = {}): TimelineLane => ({
  name,
  count: 1,
  due: 0,
  overdue: 0,
  strip: false,
  heat: [],
  ...part,
});

/** Rows by lane; a lane without any may be a strip. */
export function timelineView(
  lanes: readonly (readonly [TimelineLane, readonly MadeRow[]])[],
  part: Partial<TimelineView> = {},
): TimelineView {
  const made = lanes.flatMap(([, rows], lane) => rows.map((row) => ({ ...row, lane })));
  const column = <Key extends keyof Rows>(key: Key, usual: Rows[Key][number]) =>
    made.map((row) => row[key] ?? usual) as Rows[Key];
  const spans = made.flatMap(({ spans = [] }, row) => spans.map((span) => ({ row, span })));
  return {
    now: NOW,
    from: inDays(-548),
    until: inDays(548),
    lanes: lanes.map(([lane, rows]) => ({ ...lane, count: Math.max(lane.count, rows.length) })),
    rows: {
      id: column('id', 'c'),
      version: column('version', 1),
      name: column('name', 'c'),
      lane: column('lane', 0),
      status: column('status', 'healthy'),
      due: column('due', null),
      planned: column('planned', null),
      limit: column('limit', null),
      expires: column('expires', null),
      window: column('window', null),
      movable: column('movable', true),
      restarts: column('restarts', 0),
      graceS: column('graceS', 86_400),
    },
    spans: {
      row: spans.map(({ row }) => row),
      kind: spans.map(({ span }) => span[0]),
      from: spans.map(({ span }) => span[1]),
      until: spans.map(({ span }) => span[2]),
    },
    windows: [],
    clashes: [],
    ...part,
  };
}
