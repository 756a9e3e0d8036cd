/** The lines of the timeline from the top: a head for each lane with its rows below it, or its strip. */
import type { TimelineView } from '$lib/bindings';

export const HEAD = 24;
export const ROW = 32;
/** The row that is meant has room for what is known of it. */
export const OPEN_ROW = 76;
export const STRIP = 36;

export interface Line {
  is: 'lane' | 'strip' | 'row';
  lane: number;
  /** Which row; of a lane the one that comes next. */
  row: number;
  top: number;
  height: number;
}

export interface Lines {
  all: readonly Line[];
  height: number;
}

/** Names a line also when the timeline was read anew. */
export function keyOf({ lanes, rows }: TimelineView, line: Line): string {
  return line.is === 'row' ? `row ${rows.id[line.row]}` : `lane ${lanes[line.lane]?.name}`;
}

/** `meant`: the key of the line that is meant. */
export function linesOf(view: TimelineView, meant: string | null): Lines {
  const { lanes, rows } = view;
  const all: Line[] = [];
  let height = 0;
  const add = (is: Line['is'], lane: number, row: number) => {
    const line = { is, lane, row, top: height, height: 0 };
    line.height = is === 'lane' ? HEAD : is === 'strip' ? STRIP : ROW;
    if (is === 'row' && keyOf(view, line) === meant) line.height = OPEN_ROW;
    all.push(line);
    height += line.height;
  };
  let row = 0;
  lanes.forEach(({ strip }, lane) => {
    add(strip ? 'strip' : 'lane', lane, row);
    for (; rows.lane[row] === lane; row += 1) add('row', lane, row);
  });
  return { all, height };
}

/** The line at that height; the last one that begins above it. */
export function lineAt({ all }: Lines, y: number): number {
  let [from, end] = [0, all.length];
  while (from < end) {
    const middle = (from + end) >> 1;
    if ((all[middle]?.top ?? 0) <= y) from = middle + 1;
    else end = middle;
  }
  return from - 1;
}

/** Those that can be seen between two heights. */
export function linesIn(lines: Lines, top: number, end: number): readonly Line[] {
  return lines.all.slice(Math.max(0, lineAt(lines, top)), lineAt(lines, end) + 1);
}
