/** The map as the lines of a list: issuers, below each its credentials, below each its consumers. */
import { linksAt, of, type Shape } from './shape';

export interface Line {
  /** The keys of the nodes above it and its own: names it while the map changes. */
  readonly key: string;
  readonly node: number;
  /** The link by which it hangs from the line above. */
  readonly edge: number | null;
  /** From 1. */
  readonly level: number;
  /** Whether there are lines below it. */
  readonly parent: boolean;
  /** Which of its kind below the same line, and of how many. */
  readonly place: number;
  readonly of: number;
}

/** The lines that are in sight: those below a closed one are not. What nothing issues or uses comes last. */
export function linesOf(shape: Shape, isOpen: (key: string, level: number) => boolean): Line[] {
  const lines: Line[] = [];
  const alone = (column: number) =>
    [...(shape.columns[column] ?? [])].filter((node) => linksAt(shape.before, node).length === 0);
  const roots = [...(shape.columns[0] ?? []), ...alone(1), ...alone(2)];
  roots.forEach((node, at) => add(node, null, '', 1, at + 1, roots.length));
  return lines;

  function add(
    node: number,
    edge: number | null,
    above: string,
    level: number,
    place: number,
    among: number,
  ): void {
    const key = `${above}/${shape.picture.nodes.key[node] ?? ''}`;
    const below = children(shape, node);
    lines.push({ key, node, edge, level, parent: below.length > 0, place, of: among });
    if (!isOpen(key, level)) return;
    below.forEach((link, at) =>
      add(of(shape.to, link), link, key, level + 1, at + 1, below.length),
    );
  }
}

/** The links down from a node, from the top of the picture. A consumer's reload is part of its line. */
function children(shape: Shape, node: number): number[] {
  if ((shape.picture.nodes.column[node] ?? 0) >= 2) return [];
  const y = (edge: number) => of(shape.y, of(shape.to, edge));
  return [...linksAt(shape.after, node)].sort((one, other) => y(one) - y(other));
}

/** The reload beside a consumer. */
export function reloadOf(shape: Shape, consumer: number): number | null {
  const [link] = linksAt(shape.after, consumer);
  return shape.picture.nodes.column[consumer] === 2 && link !== undefined
    ? of(shape.to, link)
    : null;
}
