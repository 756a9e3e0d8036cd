import { afterEach, describe, expect, it, vi } from 'vitest';
import { pathOf } from '../path';
import { shapeOf, type Shape } from '../shape';
import { rehearsedPen, withCanvas } from '../testing/canvas';
import { pictureOf, shop } from '../testing/made';
import { fit, start, zoomAt } from '../view';
import { linksWithin, reaches } from './links';
import type { Palette } from './palette';
import { drawPicture } from './picture';
import { runsOf, turnsOf } from './reach';
import type { Scene } from './scene';
import { Sheets } from './sheets';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const palette = new Proxy({}, { get: (_, name) => name }) as Palette;
const NOW = new Date(2026, 10, 16).getTime();

function sceneOf(shape: Shape, more: Partial<Scene> = {}): Scene {
  return {
    shape,
    view: start(1080, 700, shape.height),
    palette,
    path: null,
    about: null,
    focused: null,
    found: null,
    orphans: new Set(),
    circled: new Set(),
    drawn: null,
    now: NOW,
    ...more,
  };
}

function draw(scene: Scene, moving = false) {
  withCanvas();
  const { pen, drawn, words } = rehearsedPen();
  const sheets = new Sheets(scene.shape, palette.line, 1);
  const more = drawPicture(pen, scene, sheets, moving);
  return { drawn, words: words(), more, sheets, pen };
}

const shape = shapeOf(shop());
const gateway = shape.at.get('credential:c1') ?? -1;
const chosen = { path: pathOf(shape, gateway), about: { node: gateway } };

/** `count` credentials, each with `each` consumers. */
function crowd(count: number, each: number): Shape {
  const many = Array.from({ length: count }, (_, at) => at);
  return shapeOf(
    pictureOf(
      [
        ...many.map((at) => ({ key: `credential:c${at}`, y: at * 44 })),
        ...many.map((at) => ({ key: `consumer:k${at}`, y: at * 44 })),
      ],
      many.flatMap((at) =>
        Array.from({ length: each }, (_, next) => ({
          from: `credential:c${at}`,
          to: `consumer:k${(at + next) % count}`,
        })),
      ),
    ),
  );
}

describe('the picture', () => {
  it('has names while there is room for them, and bars from far off', () => {
    expect(draw(sceneOf(shape)).words).toEqual(
      expect.arrayContaining(['payment-gateway', 'batch', 'Next run']),
    );
    const tall = crowd(100, 1);
    const far = draw(sceneOf(tall, { view: fit(start(1080, 700, tall.height), tall.height) }));
    expect(far.words).toEqual([
      'Issuer',
      '0',
      'Credential',
      '100',
      'Consumer',
      '100',
      'Reload and downtime',
    ]);
  });

  it('leaves out what is out of sight', () => {
    const { words } = draw(sceneOf(crowd(100, 1)));
    expect(words).toContain('c5');
    expect(words).not.toContain('c50');
  });

  it('shortens a name that has no room', () => {
    const long = shapeOf(pictureOf([{ key: 'consumer:k', y: 0, name: 'n'.repeat(80) }], []));
    const [name] = draw(sceneOf(long)).words;
    expect(name).toMatch(/^n{5,40}…$/);
  });

  it('dashes a link that restarts somebody, and one that is only written down', () => {
    const dashes = (scene: Scene) =>
      draw(scene).drawn.flatMap(([name, list]) => (name === 'setLineDash' ? [String(list)] : []));
    expect(dashes(sceneOf(shape, chosen))).toContain('7,6');
    const said = shop();
    said.edges.evidence[0] = 'said';
    expect(draw(sceneOf(shapeOf(said))).drawn.filter(([name]) => name === 'stroke')).toHaveLength(
      2,
    );
  });

  it('tells of those on the way how long each is away, one after the other', () => {
    const { words } = draw(sceneOf(shape, chosen));
    expect(words).toEqual(expect.arrayContaining(['Restart', '~38 s', '0 s']));
    const two = shop();
    two.nodes.reload[7] = 'restart';
    two.nodes.awayS[7] = 52;
    const turns = turnsOf(shapeOf(two), chosen.path.nodes);
    expect(turns.total).toBe(90);
    expect([...turns.from.values()]).toEqual([0, 38]);
  });

  it('draws the line of somebody who is binding', () => {
    const drawn = { from: gateway, x: 500, y: 300, over: null };
    const arcs = draw(sceneOf(shape, { drawn })).drawn.filter(([name]) => name === 'arc');
    expect(arcs).toEqual([['arc', 500, 300, 4, 0, 2 * Math.PI]]);
  });

  it('draws an account that logs in with what it rotates as a link back', () => {
    const back = shapeOf(shop({ back: [[1, 0]] }));
    const colours = (of: Shape) =>
      draw(sceneOf(of)).drawn.filter(
        ([name, value]) => name === 'strokeStyle=' && value === 'critical',
      );
    expect(colours(back)).toHaveLength(1);
    expect(colours(shape)).toHaveLength(0);
  });
});

describe('the beam', () => {
  it('has a stretch of its own for consumers that are no neighbours', () => {
    expect(runsOf(shape, gateway)).toEqual([[0, 44]]);
    const apart = shop();
    apart.nodes.y[4] = 200;
    expect(runsOf(shapeOf(apart), gateway)).toEqual([
      [0, 0],
      [200, 200],
    ]);
  });
});

describe('many links', () => {
  it('are those that reach into the stretch in sight', () => {
    expect(linksWithin(shape, 0, 700)).toEqual([0, 1, 2, 3]);
    expect(reaches(shape, 3, 0, 20)).toBe(true);
    expect(reaches(shape, 3, 70, 100)).toBe(false);
    expect(linksWithin(shape, 500, 600)).toEqual([]);
  });

  it('are drawn at once where they are few', () => {
    const { drawn, more } = draw(sceneOf(shape));
    expect(drawn.filter(([name]) => name === 'bezierCurveTo')).toHaveLength(4);
    expect(more).toBe(false);
  });

  it('are copied from a sheet where they are many, until all is drawn', () => {
    // Each look at the clock is a millisecond later, so that a frame has time for a few links alone.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 1));
    const many = crowd(200, 20);
    const scene = sceneOf(many);
    const { drawn, pen, sheets, more } = draw(scene);
    expect(drawn.filter(([name]) => name === 'drawImage').length).toBeGreaterThan(0);
    expect(more).toBe(true);
    let left = 1000;
    while (sheets.draw(pen, scene.view, false)) expect((left -= 1)).toBeGreaterThan(0);
    // Somewhere else it begins again.
    const there = zoomAt(scene.view, 0.3, 500, 300, many.height);
    expect(sheets.draw(pen, there, false)).toBe(true);
  });
});
