/** The timeline as people read it: what the picture shows of a row, in the words of the table too. */
import type { GatheredBy, MoveRefused, RestartClash, Timestamp, TimelineView } from '$lib/bindings';
import { KINDS_IN_TEXT } from '$lib/words/kinds';
import { dateText, graceText } from '$lib/words/policies';
import { STATUS } from '$lib/words/status';
import { count, day } from '$lib/words/times';
import { DAY, type Level } from './axis';
import type { Mark, What } from './marks';

export const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  day: 'Day',
  week: 'Week',
  month: 'Month',
  quarter: 'Quarter',
  year: 'Year',
};

export const LANE_WORDS: Readonly<Record<GatheredBy, string>> = {
  kind: 'type',
  owner: 'owner',
  environment: 'environment',
};

const NO_NAME: Readonly<Record<GatheredBy, string>> = {
  kind: 'Other',
  owner: 'No owner',
  environment: 'No environment',
};

export function laneName(by: GatheredBy, name: string): string {
  const kinds: Readonly<Record<string, string>> = by === 'kind' ? KINDS_IN_TEXT : {};
  const text = kinds[name] ?? (name || NO_NAME[by]);
  return by === 'kind' ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** What the columns of the table are called, in their order. */
export const COLUMNS = {
  status: 'Status',
  valid: 'Valid',
  planned: 'Planned',
  limit: 'Latest',
  grace: 'Grace',
  expires: 'Expires',
  restarts: 'Restarts',
} as const;
export type Column = keyof typeof COLUMNS;

/** What is known of a row, column by column; empty where there is nothing. */
export function toldOf(
  view: TimelineView,
  marks: readonly Mark[],
  row: number,
): Readonly<Record<Column, string>> {
  const { rows, now } = view;
  const of = (...what: What[]) => marks.find((mark) => what.includes(mark.what));
  const valid = of('valid');
  const grace = of('grace');
  const at = (moment: Timestamp | null | undefined) =>
    typeof moment === 'number' ? dateText(moment, now) : '';
  const restarts = rows.restarts[row] ?? 0;
  const clash = clashesOf(view, rows.id[row] ?? '').length > 0;
  return {
    status: statusWord(view, row),
    valid: valid ? validText(view, valid) : '',
    planned: at(rows.planned[row]),
    limit: at(of('limit')?.from),
    grace: grace ? graceWords(view, row, grace) : '',
    expires: at(rows.expires[row]),
    restarts: restarts > 0 ? `${restarts}${clash ? ', close to another' : ''}` : '',
  };
}

/** The same in one sentence, for who cannot see the picture. */
export function sentenceOf(told: Readonly<Record<Column, string>>): string {
  const parts = (Object.keys(COLUMNS) as Column[]).filter((column) => told[column]);
  return parts.map((column) => `${COLUMNS[column]}: ${told[column]}.`).join(' ');
}

function statusWord({ rows, now }: TimelineView, row: number): string {
  const [status, due] = [rows.status[row] ?? 'healthy', rows.due[row]];
  const { name } = STATUS[status];
  const days = typeof due === 'number' ? Math.floor((now - due) / DAY) : 0;
  return status === 'overdue' && days > 0 ? `${name} ${days} d` : name;
}

function validText({ from, until, now }: TimelineView, mark: Mark): string {
  const since = mark.from <= from ? '' : `since ${day(mark.from, now)}`;
  const to = mark.until >= until ? '' : `to ${day(mark.until, now)}`;
  return [since, to].filter(Boolean).join(' ') || 'without end';
}

function graceWords({ rows, now }: TimelineView, row: number, mark: Mark): string {
  if (mark.from <= now) return `until ${dateText(mark.until, now)}`;
  return graceText(Math.round((rows.graceS[row] ?? 0) / 3600));
}

/** How long there is time, in the narrow column beside the name. */
export function dueShort({ rows, now }: TimelineView, marks: readonly Mark[], row: number): string {
  const status = rows.status[row];
  if (status === 'rotating' || status === 'failed' || status === 'paused') return status;
  const grace = marks.find(({ what, from }) => what === 'grace' && from <= now);
  if (grace) return `to ${dateText(grace.until, now - 8 * DAY).slice(0, 3)}`;
  const moments = [rows.due[row], rows.expires[row]].filter((at) => typeof at === 'number');
  if (moments.length === 0) return '';
  const left = Math.min(...moments) - now;
  if (left <= 0) return `${Math.max(1, Math.floor(-left / DAY))} d over`;
  return left < DAY
    ? `${Math.max(1, Math.floor(left / 3_600_000))} h`
    : `${Math.floor(left / DAY)} d`;
}

/** The whole picture in a sentence. */
export function summaryOf(view: TimelineView, from: Timestamp, until: Timestamp): string {
  const { credentials, overdue, due } = countsOf(view);
  const strips = view.lanes.filter(({ strip }) => strip).length;
  return [
    `${count(credentials, 'credential')} in ${count(view.lanes.length, 'lane')}, ${day(from, view.now)} to ${day(until, view.now)}.`,
    `${overdue} overdue, ${due} due in 7 days.`,
    strips > 0
      ? `${count(strips, 'lane')} shown as ${strips === 1 ? 'a strip' : 'strips'} of counts.`
      : '',
    view.clashes.length > 0
      ? `${count(view.clashes.length, 'pair')} of restarts close together.`
      : '',
    'The rows beside it and the table say the same in words.',
  ]
    .filter(Boolean)
    .join(' ');
}

export function countsOf({ lanes }: TimelineView): {
  credentials: number;
  overdue: number;
  due: number;
} {
  const sum = (of: (lane: TimelineView['lanes'][number]) => number) =>
    lanes.reduce((all, lane) => all + of(lane), 0);
  const overdue = sum((lane) => lane.overdue);
  return {
    credentials: sum((lane) => lane.count),
    overdue,
    due: sum((lane) => lane.due) - overdue,
  };
}

export const clashesOf = (view: TimelineView, id: string): readonly RestartClash[] =>
  view.clashes.filter(({ first, second }) => first === id || second === id);

export const clashText = ({ consumerName, firstAt }: RestartClash, now: Timestamp): string =>
  `${day(firstAt, now)}: ${consumerName} restarts twice in 30 min.`;

/** Why a plan stays where it is. */
export function refusedText(refused: MoveRefused, now: Timestamp): string {
  switch (refused.why) {
    case 'nothingPlanned':
      return 'Nothing is planned for it. Choose a policy first.';
    case 'rotating':
      return 'It is rotated just now. Move it when that has ended.';
    case 'past':
      return 'That moment is past. Choose a later one.';
    case 'beyondLimit':
      return `Its policy wants it done by ${dateText(refused.limit, now)}.`;
    case 'pastExpiry':
      return `The value expires before, ${dateText(refused.expires, now)}.`;
    case 'noWindow':
      return 'No maintenance window opens in time.';
  }
}

/** What lies below the pointer. */
export function markText({ now }: TimelineView, { what, from, until }: Mark): string {
  const [at, end] = [dateText(from, now), dateText(until, now)];
  switch (what) {
    case 'valid':
      return `In use since ${at}`;
    case 'previous':
      return `The key before works until ${end}`;
    case 'grace':
      return `Both keys work, ${at} to ${end}`;
    case 'overdue':
      return `Overdue since ${at}`;
    case 'expired':
      return `Expired ${at}`;
    case 'waits':
      return `Overdue; its window opens ${end}`;
    case 'next':
      return `The next key, from ${at}`;
    case 'coming':
      return 'A new key is being brought';
    case 'planned':
      return `Rotation planned for ${at}`;
    case 'limit':
      return `Its policy wants it done by ${at}`;
    case 'expiry':
      return `Expires ${at}`;
  }
}

/** A crowded lane as a row of the table. */
export const stripText = ({ count: amount, due, overdue }: TimelineView['lanes'][number]): string =>
  `${count(amount, 'credential')}, ${due} due in 7 days or past${overdue > 0 ? `, ${overdue} overdue` : ''}.`;
