/** What the pointer is about to do on the map: move it, choose something, or draw a link by hand. */
import { edgeAt, nodeAt, type Shape } from './shape';
import { HEAD, toMapX, toMapY, type View } from './view';

/** So far the pointer goes before a press becomes a drag. */
const DRAG = 5;
/** So near a link is met. */
const REACH = 5;

export type Target = { node: number } | { edge: number } | null;

/** What lies at a place of the screen. */
export function targetAt(shape: Shape, view: View, x: number, y: number): Target {
  if (y < HEAD - 12) return null;
  const [mapX, mapY] = [toMapX(view, x), toMapY(view, y)];
  const node = nodeAt(shape, mapX, mapY);
  // A reload is the consumer's.
  if (node !== null)
    return { node: shape.picture.nodes.column[node] === 3 ? userOf(shape, node) : node };
  const edge = edgeAt(shape, mapX, mapY, REACH / view.zoom);
  return edge === null ? null : { edge };
}

function userOf({ picture, at }: Shape, reload: number): number {
  const key = picture.nodes.key[reload] ?? '';
  return at.get(key.slice('reload:'.length)) ?? reload;
}

/** A single credential and a single consumer, from whichever of them the line began. */
export function boundBy(
  { picture: { nodes } }: Shape,
  one: number,
  other: number,
): { credential: number; consumer: number } | null {
  const is = (node: number, sort: string) => nodes.key[node]?.startsWith(`${sort}:`) ?? false;
  if (is(one, 'credential') && is(other, 'consumer')) return { credential: one, consumer: other };
  if (is(other, 'credential') && is(one, 'consumer')) return { credential: other, consumer: one };
  return null;
}

/** A press, until it is let go. */
export class Press {
  readonly target: Target;
  dragged = false;
  readonly #begin: { x: number; y: number };
  #last: { x: number; y: number };

  constructor(target: Target, x: number, y: number) {
    this.target = target;
    this.#begin = { x, y };
    this.#last = { x, y };
  }

  /** How far it came since it was asked last. */
  move(x: number, y: number): { x: number; y: number } {
    const by = { x: x - this.#last.x, y: y - this.#last.y };
    this.#last = { x, y };
    this.dragged ||= Math.hypot(x - this.#begin.x, y - this.#begin.y) > DRAG;
    return by;
  }

  /** The node that a line is drawn from, where one can be. */
  from({ picture: { nodes } }: Shape): number | null {
    if (!this.target || !('node' in this.target)) return null;
    const key = nodes.key[this.target.node] ?? '';
    return /^(credential|consumer):/.test(key) ? this.target.node : null;
  }
}
