/** Where a planned rotation comes to lie when somebody moves it. The backend decides; this is what it is asked. */
import type { Timestamp, TimelineView } from '$lib/bindings';
import { levelOf } from './axis';

const QUARTER = 15 * 60_000;
const HOUR = 4 * QUARTER;

/** Whether no plan may lie there: it is past, or beyond what policy and expiry allow. */
export function isBeyond({ rows, now }: TimelineView, row: number, at: Timestamp): boolean {
  return at <= now || at > (rows.limit[row] ?? Infinity) || at > (rows.expires[row] ?? Infinity);
}

/** For a drag: the window that opens next to it, or the step that can be told apart at that scale. */
export function snapped(view: TimelineView, row: number, at: Timestamp, scale: number): Timestamp {
  if (isBeyond(view, row, at)) return at;
  const opens = openings(view, row).filter((one) => !isBeyond(view, row, one));
  if (opens.length > 0) {
    return opens.reduce((best, one) => (Math.abs(one - at) < Math.abs(best - at) ? one : best));
  }
  const level = levelOf(scale);
  if (level === 'day') return Math.round(at / QUARTER) * QUARTER;
  if (level === 'week') return Math.round(at / HOUR) * HOUR;
  return onDayOf(at, view.rows.planned[row] ?? at);
}

/** For a key: a day earlier or later, or with windows the one before or after. */
export function stepped(view: TimelineView, row: number, from: Timestamp, by: 1 | -1): Timestamp {
  const opens = openings(view, row);
  const next = by === 1 ? opens.find((at) => at > from) : opens.findLast((at) => at < from);
  if (next !== undefined) return next;
  const date = new Date(from);
  return date.setDate(date.getDate() + by);
}

const openings = ({ rows, windows }: TimelineView, row: number): Timestamp[] =>
  (windows[rows.window[row] ?? -1] ?? []).map(([opens]) => opens);

/** That day, at the hour of the other moment. */
function onDayOf(at: Timestamp, hour: Timestamp): Timestamp {
  const [day, clock] = [new Date(at), new Date(hour)];
  return day.setHours(clock.getHours(), clock.getMinutes(), clock.getSeconds(), 0);
}
