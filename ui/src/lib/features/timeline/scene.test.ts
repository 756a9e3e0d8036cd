import { describe, expect, it } from 'vitest';
import { around, SCALES, xOf } from './axis';
import { cellsOf, strengthOf } from './heat';
import { HEAD, linesOf, ROW } from './lines';
import { marksOf } from './marks';
import { hitAt, MIDDLE, type Scene } from './scene';
import { inDays, lane, NOW, planned, timelineView } from './testing/made';

const heat = Array.from({ length: 1096 }, (_, day) => (day === 550 ? 3 : 0));
const view = timelineView([
  [lane('apiKey'), [planned('a', 5, { expires: inDays(9) })]],
  [lane('secret', { strip: true, count: 90, heat }), []],
]);
const axis = around(NOW, SCALES.month, 840);
const scene: Scene = {
  view,
  marks: marksOf(view),
  lines: linesOf(view, null),
  axis,
  top: 0,
  height: 400,
  meant: -1,
  pointed: -1,
  grace: true,
  windows: true,
  move: null,
};
const hit = (days: number, y: number, part: Partial<Scene> = {}) =>
  hitAt({ ...scene, ...part }, xOf(axis, inDays(days)), y);

describe('the pointer', () => {
  const row = HEAD + MIDDLE;

  it('meets the plan before what lies behind it, also close by', () => {
    expect(hit(5, row)?.mark?.what).toBe('planned');
    expect(hit(4.6, row)?.mark?.what).toBe('planned');
    expect(hit(2, row)?.mark?.what).toBe('valid');
    expect(hit(9, row)?.mark?.what).toBe('expiry');
    expect(hit(7, row)?.mark?.what).toBe('limit');
    expect(hit(-40, row)?.mark).toBeNull();
  });

  it('meets nothing that is not shown, and what was scrolled there', () => {
    expect(hit(5.7, row)?.mark?.what).toBe('grace');
    expect(hit(5.7, row, { grace: false })?.mark?.what).toBe('next');
    expect(hit(5, row - HEAD, { top: HEAD })?.mark?.what).toBe('planned');
    expect(hit(5, 399)).toBeNull();
  });

  it('meets the part of a strip in which something is due', () => {
    const y = HEAD + ROW + 10;
    expect(hit(2.2, y)?.cell).toMatchObject({ count: 3 });
    expect(hit(9, y)).toMatchObject({ line: { is: 'strip' }, cell: null });
  });
});

describe('the cells of a strip', () => {
  it('are put together where a day is too narrow, and lose nothing', () => {
    const far = cellsOf(view, 1, around(NOW, 2.3, 840));
    expect(far.every(({ width }) => width >= 10)).toBe(true);
    expect(far.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  it('begin at the same moments when it is moved', () => {
    const one = cellsOf(view, 1, { ...axis, scale: 2.3 });
    const other = cellsOf(view, 1, { from: axis.from + 86_400_000, scale: 2.3, width: 840 });
    expect(one.map(({ from }) => from)).toEqual(
      expect.arrayContaining(other.slice(0, -1).map(({ from }) => from)),
    );
  });

  it('are stronger the more is due', () => {
    expect([0, 1, 2, 5, 20].map(strengthOf)).toEqual([0, 1, 2, 3, 4]);
  });
});
