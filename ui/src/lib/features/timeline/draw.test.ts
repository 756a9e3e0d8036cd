import { describe, expect, it } from 'vitest';
import { around, SCALES, xOf } from './axis';
import { COLOURS, drawRows, type Colours } from './draw';
import { drawHead } from './drawHead';
import { linesOf } from './lines';
import { marksOf } from './marks';
import type { Scene } from './scene';
import { recorded } from './testing/canvas';
import { inDays, lane, NOW, planned, timelineView } from './testing/made';

/** Each colour is its own name. */
const names = Object.keys(COLOURS).map((name) => [name, name]);
const colours = { ...Object.fromEntries(names), font: 'sans' } as Colours;

const view = timelineView(
  [
    [lane('apiKey'), [planned('a', 5, { window: 0 }), planned('b', 300)]],
    [lane('secret', { strip: true, count: 90, heat: Array(1096).fill(2) }), []],
  ],
  { windows: [[2, 9].map((days): [number, number] => [inDays(days), inDays(days + 0.1)])] },
);
const scene: Scene = {
  view,
  marks: marksOf(view),
  lines: linesOf(view, null),
  axis: around(NOW, SCALES.month, 840),
  top: 0,
  height: 300,
  meant: -1,
  pointed: -1,
  grace: true,
  windows: true,
  move: null,
};

function drawn(part: Partial<Scene> = {}) {
  const { context, calls } = recorded();
  drawRows(context, { ...scene, ...part }, colours);
  return calls;
}
const filled = (calls: ReturnType<typeof drawn>, colour: string) =>
  calls.filter(({ does, fill }) => does === 'fillRect' && fill === colour);
const diamonds = (calls: ReturnType<typeof drawn>) =>
  calls.filter(({ does }) => does === 'closePath').length;

describe('the picture', () => {
  it('shows what is left of a value from today on, and what is spent before', () => {
    const calls = drawn();
    const now = xOf(scene.axis, NOW);
    const [left] = filled(calls, 'bar');
    expect(left?.with[0]).toBeCloseTo(now);
    expect(left?.with[2]).toBeCloseTo(5 * 20);
    const [spent] = filled(calls, 'spent');
    expect(Number(spent?.with[0]) + Number(spent?.with[2])).toBeCloseTo(now);
  });

  it('has a diamond for each plan in sight and no other', () => {
    expect(diamonds(drawn())).toBe(1);
    expect(diamonds(drawn({ axis: around(NOW, SCALES.year, 1400) }))).toBe(2);
  });

  it('leaves out grace and windows when that is asked', () => {
    expect(filled(drawn(), 'grace').length).toBeGreaterThan(0);
    expect(filled(drawn({ grace: false }), 'grace')).toEqual([]);
    expect(drawn().filter(({ does }) => does === 'rect').length).toBe(2);
    expect(drawn({ windows: false }).filter(({ does }) => does === 'rect')).toEqual([]);
  });

  it('shows a plan that is moved where it would be and where it was', () => {
    expect(diamonds(drawn({ move: { row: 0, at: inDays(6), refused: false } }))).toBe(2);
  });

  it('draws only the lines that are in sight', () => {
    const many = timelineView([
      [lane('apiKey'), Array.from({ length: 5000 }, (_, at) => planned(`c${at}`, 5))],
    ]);
    const far = { view: many, marks: marksOf(many), lines: linesOf(many, null), top: 60_000 };
    expect(diamonds(drawn(far))).toBeLessThan(15);
  });

  it('says how much is due in each part of a strip where there is room for it', () => {
    const said = drawn().filter(({ does, with: [text] }) => does === 'fillText' && text === '2');
    expect(said.length).toBeGreaterThan(30);
  });
});

describe('what stands above the picture', () => {
  it('names today, the day and the week ahead, and nothing on top of another', () => {
    const { context, calls } = recorded();
    drawHead(context, scene, colours);
    const said = calls.filter(({ does }) => does === 'fillText').map(({ with: [text] }) => text);
    expect(said).toEqual(expect.arrayContaining(['1 d', '7 days', '14 d', 'Mon 16 Nov, 14:02']));
    expect(said).not.toContain('16');
  });
});
