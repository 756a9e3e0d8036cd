/** What hangs together with a node or a link, and where the arrow keys lead. */
import { COLUMNS, linksAt, of, type Shape } from './shape';

/** The nodes and links of a way; 1 where one is on it. */
export interface Path {
  readonly nodes: Uint8Array;
  readonly edges: Uint8Array;
  /** So many links. */
  readonly count: number;
}

/** From where something comes, and all that it leads to. */
export function pathOf(shape: Shape, node: number): Path {
  const path = empty(shape);
  follow(shape, node, 'after', path);
  follow(shape, node, 'before', path);
  return counted(path);
}

/** A link with its two ends, and all that it leads to. */
export function pathOfEdge(shape: Shape, edge: number): Path {
  const path = empty(shape);
  path.edges[edge] = 1;
  path.nodes[of(shape.from, edge)] = 1;
  follow(shape, of(shape.to, edge), 'after', path);
  return counted(path);
}

/** The credentials that a node stands for, as nodes: itself, or those of an issuer. */
export function credentialsOf(shape: Shape, node: number): number[] {
  const column = shape.picture.nodes.column[node];
  if (column === 1) return [node];
  return column === 0 ? [...linksAt(shape.after, node)].map((edge) => of(shape.to, edge)) : [];
}

/** The node that a key of the keyboard leads to. */
export function step(
  shape: Shape,
  node: number,
  to: 'up' | 'down' | 'left' | 'right',
): number | null {
  const column = of(shape.picture.nodes.column, node);
  if (to === 'up' || to === 'down') {
    const list = shape.columns[column] ?? new Int32Array();
    return list[list.indexOf(node) + (to === 'up' ? -1 : 1)] ?? null;
  }
  const links = linksAt(to === 'left' ? shape.before : shape.after, node);
  const ends = to === 'left' ? shape.from : shape.to;
  const linked = Array.from(links, (edge) => of(ends, edge));
  const next = column + (to === 'left' ? -1 : 1);
  // A reload has nothing of its own to say: its consumer tells it.
  if (next < 0 || next >= COLUMNS - 1) return null;
  return nearest(shape, node, linked.length > 0 ? linked : (shape.columns[next] ?? []));
}

function nearest(shape: Shape, node: number, others: Iterable<number>): number | null {
  let best: number | null = null;
  const apart = (other: number) => Math.abs(of(shape.y, other) - of(shape.y, node));
  for (const other of others) if (best === null || apart(other) < apart(best)) best = other;
  return best;
}

const empty = ({ picture, from }: Shape): Path => ({
  nodes: new Uint8Array(picture.nodes.key.length),
  edges: new Uint8Array(from.length),
  count: 0,
});

const counted = (path: Path): Path => ({
  ...path,
  count: path.edges.reduce((sum, on) => sum + on, 0),
});

function follow(shape: Shape, node: number, way: 'after' | 'before', path: Path) {
  const [links, ends] = way === 'before' ? [shape.before, shape.from] : [shape.after, shape.to];
  const seen = new Set([node]);
  // What is added on the way is walked too.
  for (const at of seen) {
    path.nodes[at] = 1;
    for (const edge of linksAt(links, at)) {
      path.edges[edge] = 1;
      seen.add(of(ends, edge));
    }
  }
}
