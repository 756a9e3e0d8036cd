/** The cells of a strip: how many rotations and expiries there are in each stretch of time. */
import type { TimelineView } from '$lib/bindings';
import { DAY, xOf, type Axis } from './axis';

/** A cell is at least so wide; narrower parts are put together. */
const LEAST = 10;

export interface Cell {
  x: number;
  width: number;
  count: number;
  from: number;
  until: number;
}

/** The cells in sight. They begin at the same moments wherever one looks. */
export function cellsOf(view: TimelineView, lane: number, axis: Axis): Cell[] {
  const heat = view.lanes[lane]?.heat ?? [];
  const part = (view.until - view.from) / Math.max(1, heat.length);
  const wide = (part / DAY) * axis.scale;
  const together = Math.max(1, Math.ceil(LEAST / wide));
  const first = Math.floor(-xOf(axis, view.from) / wide / together) * together;
  const cells: Cell[] = [];
  for (let at = Math.max(0, first); at < heat.length; at += together) {
    const from = view.from + at * part;
    const x = xOf(axis, from);
    if (x > axis.width) break;
    const count = heat.slice(at, at + together).reduce((sum, one) => sum + one, 0);
    cells.push({ x, width: wide * together, count, from, until: from + together * part });
  }
  return cells;
}

/** How strong a cell is, from nothing to four: in steps that the eye tells apart. */
export function strengthOf(count: number): 0 | 1 | 2 | 3 | 4 {
  if (count === 0) return 0;
  if (count === 1) return 1;
  if (count < 5) return 2;
  return count < 20 ? 3 : 4;
}
