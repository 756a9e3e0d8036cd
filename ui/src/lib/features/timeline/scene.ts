/** What a picture of the timeline is made of, and what lies where in it. No drawing here. */
import type { Timestamp, TimelineView } from '$lib/bindings';
import { xOf, type Axis } from './axis';
import { cellsOf, type Cell } from './heat';
import { lineAt, type Line, type Lines } from './lines';
import type { Mark, What } from './marks';

/** Two rails in each row: on the upper one the value in use, on the lower one the one before or after. */
export const RAIL = 9;
export const UPPER = 6;
export const LOWER = 17;
/** Where a diamond lies, and how far it reaches. */
export const MIDDLE = UPPER + RAIL / 2;
export const DIAMOND = 7;

export interface Scene {
  view: TimelineView;
  marks: readonly (readonly Mark[])[];
  lines: Lines;
  axis: Axis;
  /** How far it is scrolled, and how much is in sight. */
  top: number;
  height: number;
  /** The row that is meant, and the one below the pointer. */
  meant: number;
  pointed: number;
  grace: boolean;
  windows: boolean;
  /** A plan that may be moved, shown where it would be. */
  move: { row: number; at: Timestamp; refused: boolean } | null;
}

export interface Hit {
  line: Line;
  mark: Mark | null;
  cell: Cell | null;
}

/** What is nearer to the eye comes first. */
const ORDER: readonly What[] = [
  'planned',
  'expiry',
  'limit',
  'overdue',
  'expired',
  'grace',
  'waits',
  'valid',
  'previous',
  'coming',
  'next',
];
/** A moment is met within so many pixels. */
const NEAR: Readonly<Partial<Record<What, number>>> = { planned: DIAMOND + 2, expiry: 4, limit: 4 };

/** What lies there; seen from the upper left corner of what is in sight. */
export function hitAt(scene: Scene, x: number, y: number): Hit | null {
  const height = y + scene.top;
  const line = scene.lines.all[lineAt(scene.lines, height)];
  if (!line || height >= line.top + line.height) return null;
  if (line.is === 'strip') {
    const cells = cellsOf(scene.view, line.lane, scene.axis);
    const cell = cells.find((one) => x >= one.x && x < one.x + one.width && one.count > 0);
    return { line, mark: null, cell: cell ?? null };
  }
  if (line.is === 'lane') return { line, mark: null, cell: null };
  const met = (scene.marks[line.row] ?? []).filter(({ what, from, until }) => {
    const near = NEAR[what] ?? 0;
    const shown = what !== 'grace' || scene.grace;
    return shown && x >= xOf(scene.axis, from) - near && x <= xOf(scene.axis, until) + near;
  });
  const mark = ORDER.map((what) => met.find((one) => one.what === what)).find(Boolean);
  return { line, mark: mark ?? null, cell: null };
}
