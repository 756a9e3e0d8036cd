import { describe, expect, it } from 'vitest';
import { WHOLE_WIDTH } from './shape';
import {
  acrossOf,
  fit,
  HEAD,
  pan,
  reveal,
  SIDE,
  start,
  toMapX,
  toMapY,
  toScreenX,
  toScreenY,
  zoomAt,
} from './view';

const TALL = 10_000;
const WIDE_ENOUGH = WHOLE_WIDTH + 2 * SIDE;

describe('the view of a map', () => {
  it('begins at the first row with all columns, as large as they are meant where there is room', () => {
    expect(start(WIDE_ENOUGH, 600, TALL)).toMatchObject({ zoom: 1, left: 0, top: 0 });
    const narrow = start(WIDE_ENOUGH / 2, 600, TALL);
    expect(toScreenX(narrow, WHOLE_WIDTH)).toBeCloseTo(WIDE_ENOUGH / 2 - SIDE);
  });

  it('keeps the columns as wide as the screen when everything is shown', () => {
    const all = fit(start(WIDE_ENOUGH, 600, TALL), TALL);
    expect(acrossOf(all)).toBe(1);
    expect(toScreenY(all, 0)).toBe(HEAD);
    expect(toScreenY(all, TALL)).toBeLessThanOrEqual(600);
    expect(all.zoom).toBeLessThan(0.1);
  });

  it('leads from the screen to the map and back', () => {
    const view = pan(start(800, 600, TALL), 30, 500, TALL);
    expect(toScreenX(view, toMapX(view, 123))).toBeCloseTo(123);
    expect(toScreenY(view, toMapY(view, 345))).toBeCloseTo(345);
  });

  it('leaves what is under the pointer where it is while it is zoomed', () => {
    const view = pan(start(800, 600, TALL), 0, 3000, TALL);
    const place = toMapY(view, 300);
    for (const by of [1.7, 0.4]) {
      expect(toMapY(zoomAt(view, by, 400, 300, TALL), 300)).toBeCloseTo(place);
    }
  });

  it('goes no further than there is something to be seen', () => {
    const view = start(800, 600, TALL);
    expect(pan(view, -50, -50, TALL)).toEqual(view);
    expect(toScreenY(pan(view, 0, 1e9, TALL), TALL)).toBeLessThanOrEqual(600);
    expect(pan(start(800, 600, 100), 0, 500, 100).top).toBe(0);
    expect(zoomAt(view, 100, 0, 0, TALL).zoom).toBe(2);
  });

  it('moves only as far as it takes to show a row, and to the middle from far off', () => {
    const view = start(WIDE_ENOUGH, 600, TALL);
    expect(reveal(view, 100, TALL)).toBe(view);
    const near = reveal(view, 600, TALL);
    expect(toScreenY(near, 632)).toBeLessThanOrEqual(600);
    const far = reveal(view, 5000, TALL);
    expect(Math.abs(toScreenY(far, 5016) - 300)).toBeLessThan(40);
  });
});
