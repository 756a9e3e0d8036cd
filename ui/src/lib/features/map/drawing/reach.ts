/** How far a change reaches: a beam from the credential, the links on the way, and how long each consumer is away. */
import type { Reload } from '$lib/bindings';
import type { IconName } from '$lib/design';
import { pixelRatio } from '$lib/design/pixels';
import { aboutSeconds, RELOAD_ICONS, RELOAD_WORDS, reloadOfMany, unseenText } from '$lib/words/map';
import { COLUMN, COLUMNS, HIGH, linksAt, nodesWithin, of, ROW, WIDE, type Shape } from '../shape';
import { acrossOf, HEAD, toMapY, toScreenX, toScreenY } from '../view';
import { drawIcon, fontOf, type Pen } from './pen';
import { boxOf, unseenFor, WORDS_FROM } from './nodes';
import type { Scene } from './scene';
import { RESTART, SOLID, strokeLinks } from './links';

/** More links than this stand out by colour alone: wide lines take too long. */
const MOST_WIDE = 80;

/** One light from the credential over all that use it, to the end of the picture. */
export function drawBeam(pen: Pen, scene: Scene): void {
  const { shape, view, palette, path, about } = scene;
  if (!path || !about || !('node' in about) || view.zoom < WORDS_FROM) return;
  if (shape.picture.nodes.column[about.node] !== 1) return;
  const from = boxOf(scene, about.node);
  const rows = runsOf(shape, about.node).map(([first, last]) => ({
    top: toScreenY(view, first - (ROW - HIGH) / 2),
    end: toScreenY(view, last + HIGH + (ROW - HIGH) / 2),
  }));
  if (rows.length === 0) return;
  const [begin, x] = [from.x + from.wide, toScreenX(view, 2 * COLUMN)];
  const right = view.width;
  const bend = (begin + x) / 2;
  const light = pen.createLinearGradient(begin, 0, right, 0);
  light.addColorStop(0, palette.accentLine);
  light.addColorStop((x - begin) / (right - begin), palette.accentGround);
  light.addColorStop(1, palette.accentGround);
  pen.globalAlpha = 0.75;
  pen.fillStyle = light;
  pen.beginPath();
  for (const { top, end } of rows) {
    pen.moveTo(begin, from.y);
    pen.bezierCurveTo(bend, from.y, bend, top, x, top);
    pen.lineTo(right, top);
    pen.lineTo(right, end);
    pen.lineTo(x, end);
    pen.bezierCurveTo(bend, end, bend, from.y + from.high, begin, from.y + from.high);
    pen.closePath();
  }
  pen.fill();
  pen.globalAlpha = 1;
  pen.strokeStyle = palette.accentLine;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const { top, end } of rows) {
    pen.moveTo(begin, from.y);
    pen.bezierCurveTo(bend, from.y, bend, top, x, top);
    pen.lineTo(right, top);
    pen.moveTo(begin, from.y + from.high);
    pen.bezierCurveTo(bend, from.y + from.high, bend, end, x, end);
    pen.lineTo(right, end);
  }
  pen.stroke();
}

/** The consumers of a credential from the top; those that lie one below the other are one stretch. */
export function runsOf(shape: Shape, credential: number): [number, number][] {
  const heights = Array.from(linksAt(shape.after, credential), (edge) =>
    of(shape.y, of(shape.to, edge)),
  ).sort((one, other) => one - other);
  const runs: [number, number][] = [];
  for (const y of heights) {
    const last = runs.at(-1);
    if (last && y - last[1] <= ROW) last[1] = y;
    else runs.push([y, y]);
  }
  return runs;
}

/** The links on the way; those that restart somebody are dashed. */
export function drawWay(pen: Pen, scene: Scene): void {
  const { shape, view, palette, path } = scene;
  if (!path) return;
  const last = (COLUMNS - 1) * COLUMN;
  const links: number[] = [];
  for (let edge = 0; edge < path.edges.length; edge += 1) {
    if (path.edges[edge] && of(shape.x, of(shape.to, edge)) < last) links.push(edge);
  }
  const wide = links.length <= MOST_WIDE;
  pen.strokeStyle = palette.accent;
  pen.lineWidth = wide ? 2.5 : 1 / pixelRatio();
  const onto = {
    x: toScreenX(view, 0),
    y: toScreenY(view, 0),
    across: acrossOf(view),
    down: view.zoom,
  };
  const { reload } = shape.picture.edges;
  strokeLinks(pen, shape, links, onto, (edge) =>
    wide && reload[edge] === 'restart' ? RESTART : SOLID,
  );
}

/** An account that logs in with a credential: a link back, dotted, with its arrow at the account. */
export function drawBack(pen: Pen, scene: Scene): void {
  const { shape, palette, path, view } = scene;
  for (const [from, to] of shape.picture.back) {
    const [begin, end] = [boxOf(scene, from), boxOf(scene, to)];
    if (Math.max(begin.y, end.y) < HEAD || Math.min(begin.y, end.y) > view.height) continue;
    const [x, y] = [begin.x, begin.y + begin.high * 0.8];
    const [close, low] = [end.x + end.wide, end.y + end.high * 0.8];
    const middle = (x + close) / 2;
    pen.globalAlpha = path && !path.nodes[from] ? 0.35 : 1;
    pen.strokeStyle = palette.critical;
    pen.fillStyle = palette.critical;
    pen.lineWidth = 1.5;
    pen.setLineDash([1.5, 3]);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.bezierCurveTo(middle, y, middle, low, close + 6, low);
    pen.stroke();
    pen.setLineDash([]);
    pen.beginPath();
    pen.moveTo(close, low);
    pen.lineTo(close + 7, low - 4);
    pen.lineTo(close + 7, low + 4);
    pen.closePath();
    pen.fill();
  }
  pen.globalAlpha = 1;
}

/** How each consumer takes a new value up; of those on the way, one after the other, how long it is away. */
export function drawReloads(pen: Pen, scene: Scene): void {
  const { shape, view, palette, path } = scene;
  if (view.zoom < WORDS_FROM) return;
  const [top, end] = [toMapY(view, HEAD - HIGH), toMapY(view, view.height)];
  const waits = path ? turnsOf(shape, path.nodes) : null;
  for (const node of nodesWithin(shape, COLUMNS - 1, top, end)) {
    if (path && path.nodes[node] && waits) drawTurn(pen, scene, node, waits);
    else {
      const { x, y, high } = boxOf(scene, node);
      pen.font = fontOf(palette, 12);
      pen.textBaseline = 'middle';
      pen.textAlign = 'left';
      pen.fillStyle = palette.text3;
      pen.fillText(reloadOfMany(wordsOf(shape, node)), x, y + high / 2 + 0.5);
    }
  }
}

interface Turns {
  readonly total: number;
  /** When each begins. */
  readonly from: ReadonlyMap<number, number>;
}

/** Who is away one after the other, from the top. */
export function turnsOf(shape: Shape, on: Uint8Array): Turns {
  const from = new Map<number, number>();
  let total = 0;
  for (const node of shape.columns[COLUMNS - 1] ?? []) {
    if (!on[node]) continue;
    from.set(node, total);
    if (shape.picture.nodes.reload[node] === 'restart')
      total += of(shape.picture.nodes.awayS, node);
  }
  return { total, from };
}

function wordsOf({ picture: { nodes } }: Shape, node: number) {
  const reload: Reload = nodes.reload[node] ?? 'live';
  return { reload, restarts: of(nodes.restarts, node), awayS: of(nodes.awayS, node) };
}

function drawTurn(pen: Pen, scene: Scene, node: number, turns: Turns): void {
  const { shape, palette, view, now } = scene;
  const { x, y, high } = boxOf(scene, node);
  const { reload, awayS } = wordsOf(shape, node);
  const restarts = reload === 'restart';
  const wide = Math.min(WIDE * acrossOf(view), view.width - 16 - x);
  const consumer = of(shape.from, of(linksAt(shape.before, node), 0));
  const long = unseenFor(shape, consumer, now);
  const upper = restarts || long !== null ? y + high * 0.32 : y + high / 2;
  const icon: IconName = RELOAD_ICONS[reload];
  drawIcon(pen, icon, x - 24, y + high / 2 - 8, restarts ? palette.accent : palette.text2);
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  pen.font = fontOf(palette, 13);
  pen.fillStyle = palette.text1;
  pen.fillText(RELOAD_WORDS[reload], x, upper);
  pen.textAlign = 'right';
  pen.font = fontOf(palette, 12);
  pen.fillStyle = palette.text2;
  pen.fillText(restarts ? aboutSeconds(awayS) : '0 s', x + wide, upper);
  pen.textAlign = 'left';
  if (restarts) {
    const low = y + high - 7;
    const begin = ((turns.from.get(node) ?? 0) / Math.max(1, turns.total)) * wide;
    const length = Math.max(3, (awayS / Math.max(1, turns.total)) * wide);
    bar(pen, palette.hairline, x, low, wide);
    bar(pen, palette.accent, x + begin, low, Math.min(length, wide - begin));
  } else if (long !== null) {
    pen.fillStyle = palette.soonText;
    pen.fillText(unseenText(long, now), x, y + high * 0.8);
  }
}

function bar(pen: Pen, colour: string, x: number, y: number, wide: number): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(x, y, wide, 4, 2);
  pen.fill();
}
