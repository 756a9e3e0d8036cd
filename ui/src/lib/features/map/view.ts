/**
 * Which part of the map is in sight. Zoomed out, the columns keep the width of the screen and only the rows
 * move together: so a map of a thousand rows is not a thread.
 */
import { HIGH, ROW, WHOLE_WIDTH } from './shape';

export interface View {
  /** Of the screen, in its pixels. */
  readonly width: number;
  readonly height: number;
  /** How large a row is drawn. */
  readonly zoom: number;
  /** The place of the map in the upper left corner. */
  readonly left: number;
  readonly top: number;
}

/** Left and right of the columns. */
export const SIDE = 24;
/** What the names of the columns take, above the first row. */
export const HEAD = 56;
const FOOT = 24;
const MOST_ZOOM = 2;

/** How wide a column is drawn. */
export const acrossOf = ({ width, zoom }: Pick<View, 'width' | 'zoom'>): number =>
  Math.max(zoom, Math.min(1, room(width) / WHOLE_WIDTH));

const room = (width: number): number => Math.max(1, width - 2 * SIDE);
const roomDown = (height: number): number => Math.max(1, height - HEAD - FOOT);

export const toScreenX = (view: View, x: number): number => SIDE + (x - view.left) * acrossOf(view);
export const toScreenY = (view: View, y: number): number => HEAD + (y - view.top) * view.zoom;
export const toMapX = (view: View, x: number): number => view.left + (x - SIDE) / acrossOf(view);
export const toMapY = (view: View, y: number): number => view.top + (y - HEAD) / view.zoom;

/** The same, as far as there is something to be seen. */
export function within(view: View, mapHeight: number): View {
  const least = Math.min(1, roomDown(view.height) / Math.max(1, mapHeight));
  const zoom = clamp(view.zoom, least, MOST_ZOOM);
  const across = acrossOf({ width: view.width, zoom });
  return {
    ...view,
    zoom,
    left: clamp(view.left, 0, WHOLE_WIDTH - room(view.width) / across),
    top: clamp(view.top, 0, mapHeight - roomDown(view.height) / zoom),
  };
}

/** All columns, as large as they can be read, from the first row. */
export function start(width: number, height: number, mapHeight: number): View {
  const zoom = Math.min(1, room(width) / WHOLE_WIDTH);
  return within({ width, height, zoom, left: 0, top: 0 }, mapHeight);
}

/** Everything. */
export function fit(view: View, mapHeight: number): View {
  const zoom = Math.min(acrossOf({ ...view, zoom: 0 }), roomDown(view.height) / mapHeight);
  return within({ ...view, zoom, left: 0, top: 0 }, mapHeight);
}

export const pan = (view: View, right: number, down: number, mapHeight: number): View =>
  within(
    { ...view, left: view.left + right / acrossOf(view), top: view.top + down / view.zoom },
    mapHeight,
  );

/** Larger or smaller, and what was at this place of the screen is there still. */
export function zoomAt(view: View, by: number, x: number, y: number, mapHeight: number): View {
  const { zoom } = within({ ...view, zoom: view.zoom * by }, mapHeight);
  const left = toMapX(view, x) - (x - SIDE) / acrossOf({ width: view.width, zoom });
  const top = toMapY(view, y) - (y - HEAD) / zoom;
  return within({ ...view, zoom, left, top }, mapHeight);
}

/** So much around a node comes into sight with it. */
const AROUND = 2 * ROW;

/** Moved as little as it takes until a node and what is near it are in sight; far off, it comes to the middle. */
export function reveal(view: View, y: number, mapHeight: number): View {
  const seen = roomDown(view.height) / view.zoom;
  const around = Math.max(0, Math.min(AROUND, (seen - HIGH) / 2));
  const { top } = view;
  if (y - around >= top && y + HIGH + around <= top + seen) return view;
  const near = y > top - seen && y < top + 2 * seen;
  const to = !near
    ? y - (seen - HIGH) / 2
    : y - around < top
      ? y - around
      : y + HIGH + around - seen;
  return within({ ...view, top: to }, mapHeight);
}

const clamp = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(value, Math.max(least, most)));
