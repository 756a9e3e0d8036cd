/** The map as the window uses it: where each node lies, what it is linked with, and what lies at a place. */
import type { MapPicture } from '$lib/bindings';

/** As the backend lays it out. */
export const COLUMN = 280;
export const ROW = 44;
/** The box of a node. */
export const WIDE = 200;
export const HIGH = 32;
export const COLUMNS = 4;
/** From the first column to the end of the last. */
export const WHOLE_WIDTH = (COLUMNS - 1) * COLUMN + WIDE;

/** The links of each node: those of node `n` stand from `start[n]` to `start[n + 1]`. */
export interface Links {
  readonly start: Int32Array;
  readonly edges: Int32Array;
}

export interface Shape {
  readonly picture: MapPicture;
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** The nodes of each column from the top. */
  readonly columns: readonly Int32Array[];
  readonly after: Links;
  readonly before: Links;
  /** Which node has this key. */
  readonly at: ReadonlyMap<string, number>;
  readonly height: number;
}

export function shapeOf(picture: MapPicture): Shape {
  const { nodes, edges } = picture;
  const [x, y] = [Int32Array.from(nodes.x), Int32Array.from(nodes.y)];
  const [from, to] = [Int32Array.from(edges.from), Int32Array.from(edges.to)];
  const all = Array.from(nodes.key, (_, node) => node);
  const columns = Array.from({ length: COLUMNS }, (_, column) =>
    Int32Array.from(all.filter((node) => nodes.column[node] === column)).sort(
      (one, other) => of(y, one) - of(y, other),
    ),
  );
  const lowest = nodes.y.reduce((most, at) => Math.max(most, at), 0);
  return {
    picture,
    x,
    y,
    from,
    to,
    columns,
    after: linksOf(from, all.length),
    before: linksOf(to, all.length),
    at: new Map(nodes.key.map((key, node) => [key, node])),
    height: all.length > 0 ? lowest + HIGH : 0,
  };
}

function linksOf(ends: Int32Array, nodes: number): Links {
  const start = new Int32Array(nodes + 1);
  for (const node of ends) start[node + 1] = of(start, node + 1) + 1;
  for (let node = 0; node < nodes; node += 1) {
    start[node + 1] = of(start, node + 1) + of(start, node);
  }
  const next = start.slice();
  const edges = new Int32Array(ends.length);
  ends.forEach((node, edge) => {
    const place = of(next, node);
    edges[place] = edge;
    next[node] = place + 1;
  });
  return { start, edges };
}

/** A number of a list; what is not there counts as none. */
export const of = (list: ArrayLike<number>, at: number): number => list[at] ?? 0;

/** So many credentials or consumers, also where a group stands for them; an issuer is one, whatever it issues. */
export function countIn({ columns, picture: { nodes } }: Shape, column: number): number {
  const list = columns[column] ?? new Int32Array();
  return column === 0 ? list.length : list.reduce((sum, node) => sum + of(nodes.count, node), 0);
}

/** The links of a node. */
export const linksAt = ({ start, edges }: Links, node: number): Int32Array =>
  edges.subarray(of(start, node), of(start, node + 1));

/** The node of a column that lies last above this height, as its place in the column. */
function lastAbove(column: Int32Array, y: Int32Array, at: number): number {
  let [low, high] = [0, column.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(y, of(column, middle)) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The nodes of a column that reach into this stretch. */
export function nodesWithin(
  { columns, y }: Shape,
  column: number,
  top: number,
  end: number,
): Int32Array {
  const list = columns[column] ?? new Int32Array();
  return list.subarray(lastAbove(list, y, top - HIGH) + 1, lastAbove(list, y, end) + 1);
}

/** The node at a place. */
export function nodeAt(shape: Shape, x: number, y: number): number | null {
  const column = Math.floor(x / COLUMN);
  if (x - column * COLUMN > WIDE) return null;
  const list = shape.columns[column];
  if (!list) return null;
  const node = list[lastAbove(list, shape.y, y)];
  return node !== undefined && y <= of(shape.y, node) + HIGH ? node : null;
}

/** The link at a place, or the one that passes nearest within `reach`. */
export function edgeAt(shape: Shape, x: number, y: number, reach: number): number | null {
  const column = Math.floor(x / COLUMN);
  const along = (x - column * COLUMN - WIDE) / (COLUMN - WIDE);
  if (along <= 0 || along >= 1) return null;
  const part = heightAlong(along);
  let [nearest, least]: [number | null, number] = [null, reach];
  for (let edge = 0; edge < shape.from.length; edge += 1) {
    const from = of(shape.from, edge);
    if (shape.picture.nodes.column[from] !== column || column === COLUMNS - 2) continue;
    const begin = of(shape.y, from) + HIGH / 2;
    const end = of(shape.y, of(shape.to, edge)) + HIGH / 2;
    const apart = Math.abs(begin + (end - begin) * part - y);
    if (apart <= least) [nearest, least] = [edge, apart];
  }
  return nearest;
}

/** How far down a link has come when it is so far along: its bends begin and end level. */
function heightAlong(along: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 24; step += 1) {
    const t = (low + high) / 2;
    if (1.5 * t * (1 - t) + t ** 3 < along) low = t;
    else high = t;
  }
  return low * low * (3 - 2 * low);
}
