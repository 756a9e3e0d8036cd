/** The nodes: boxes with what they are, what they are called and how it is with them; far off, only bars. */
import type { IconName } from '$lib/design';
import { pixelRatio } from '$lib/design/pixels';
import { KIND_ICONS, KIND_NAMES } from '$lib/words/kinds';
import { longUnseen } from '$lib/words/map';
import { STATUS } from '$lib/words/status';
import { COLUMNS, HIGH, linksAt, nodesWithin, of, WIDE, type Shape } from '../shape';
import { acrossOf, HEAD, toMapY, toScreenX, toScreenY } from '../view';
import { cut, drawIcon, fontOf, type Pen } from './pen';
import { isAbout, type Scene } from './scene';

/** From here on there are words. */
export const WORDS_FROM = 0.6;
const ICON = 16;

/** Every node in sight but the last column, which is drawn apart. */
export function drawNodes(pen: Pen, scene: Scene): void {
  const { shape, view } = scene;
  const [top, end] = [toMapY(view, HEAD - HIGH), toMapY(view, view.height)];
  for (let column = 0; column < COLUMNS - 1; column += 1) {
    const nodes = nodesWithin(shape, column, top, end);
    if (view.zoom < WORDS_FROM) drawBars(pen, scene, nodes);
    else drawBoxes(pen, scene, nodes);
  }
}

interface Box {
  x: number;
  y: number;
  wide: number;
  high: number;
}

export function boxOf({ shape, view }: Scene, node: number): Box {
  return {
    x: toScreenX(view, of(shape.x, node)),
    y: toScreenY(view, of(shape.y, node)),
    wide: WIDE * acrossOf(view),
    high: HIGH * view.zoom,
  };
}

/** Bars of one colour are one stroke of the brush; what needs somebody most lies on top. */
function drawBars(pen: Pen, scene: Scene, nodes: Int32Array): void {
  const { palette, path, found } = scene;
  const least = 1 / pixelRatio();
  const faded = path !== null || found !== null;
  const colours = [palette.hairline, palette.info, palette.soon, palette.critical, palette.accent];
  const bars = new Map<string, number[]>(colours.map((colour) => [colour, []]));
  for (const node of nodes) {
    const chosen = path ? path.nodes[node] : found?.[node];
    bars.get(chosen ? palette.accent : toneOf(scene, node, faded))?.push(node);
  }
  for (const [colour, list] of bars) {
    pen.fillStyle = colour;
    pen.beginPath();
    for (const node of list) {
      const { x, y, wide, high } = boxOf(scene, node);
      pen.rect(x, y, wide, Math.max(least, high));
    }
    pen.fill();
  }
  for (const node of nodes) {
    if (isAbout(scene, node) || scene.focused === node) ring(pen, scene, node);
  }
}

/** What needs somebody has the colour of its status. */
function toneOf({ shape, palette }: Scene, node: number, faded: boolean): string {
  const status = shape.picture.nodes.status[node];
  const tone = status ? STATUS[status].tone : 'neutral';
  return faded || tone === 'ok' || tone === 'neutral' ? palette.hairline : palette[tone];
}

/** How a box stands in the picture. */
type Standing = 'plain' | 'orphan' | 'faded' | 'chosen' | 'about';

function standingOf(scene: Scene, node: number): Standing {
  const { path, found } = scene;
  if (isAbout(scene, node)) return 'about';
  if (path ? path.nodes[node] : found?.[node]) return 'chosen';
  if (scene.orphans.has(node)) return 'orphan';
  return path || found ? 'faded' : 'plain';
}

/**
 * Boxes that stand alike are one stroke of the brush. A border is the box filled once more inside: drawn as a line
 * it takes five times as long.
 */
function drawBoxes(pen: Pen, scene: Scene, nodes: Int32Array): void {
  const { palette } = scene;
  const alike = new Map<Standing, number[]>();
  for (const node of nodes) {
    const standing = standingOf(scene, node);
    alike.set(standing, [...(alike.get(standing) ?? []), node]);
  }
  for (const [standing, list] of alike) {
    const border = standing === 'about' ? 2 : 1;
    const lit = standing === 'about' || standing === 'chosen';
    const ground = standing === 'faded' ? palette.canvas : palette.surface;
    if (standing !== 'orphan') {
      pen.fillStyle = lit ? palette.accent : palette.hairline;
      tracePaths(pen, scene, list, 0);
      pen.fill();
    }
    pen.fillStyle = standing === 'about' ? palette.accentGround : ground;
    tracePaths(pen, scene, list, border);
    pen.fill();
    if (standing !== 'orphan') continue;
    pen.strokeStyle = palette.line;
    pen.lineWidth = 1;
    pen.setLineDash([4, 3]);
    tracePaths(pen, scene, list, 0.5);
    pen.stroke();
    pen.setLineDash([]);
  }
  for (const node of nodes) drawWords(pen, scene, node);
}

/** The outlines of boxes, so far inside their edges. */
function tracePaths(pen: Pen, scene: Scene, nodes: readonly number[], inside: number): void {
  const radius = Math.max(0, 5 * Math.min(1, scene.view.zoom) - inside);
  pen.beginPath();
  for (const node of nodes) {
    const { x, y, wide, high } = boxOf(scene, node);
    pen.roundRect(x + inside, y + inside, wide - 2 * inside, high - 2 * inside, radius);
  }
}

/** What stands in a box. */
function drawWords(pen: Pen, scene: Scene, node: number): void {
  const { shape, palette, path, found, view } = scene;
  const { nodes } = shape.picture;
  const { x, y, wide, high } = boxOf(scene, node);
  const about = isAbout(scene, node);
  const chosen = path ? path.nodes[node] === 1 : found?.[node] === 1;
  const faded = (path !== null || found !== null) && !chosen;
  const size = view.zoom > 1 ? 13 * view.zoom : 13;
  const middle = y + high / 2;
  const colour = faded ? palette.text3 : about ? palette.accent : palette.text2;
  pen.globalAlpha = faded ? 0.7 : 1;
  drawIcon(pen, iconOf(shape, node), x + 10, middle - ICON / 2, colour);
  let end = x + wide - 10;
  for (const mark of marksOf(scene, node)) {
    end -= ICON;
    drawIcon(pen, mark.name, end, middle - ICON / 2, mark.colour);
    end -= 6;
  }
  pen.globalAlpha = 1;
  pen.textBaseline = 'middle';
  const count = nodes.column[node] === 0 ? 1 : of(nodes.count, node);
  if (count > 1) {
    pen.font = fontOf(palette, 12);
    pen.fillStyle = faded ? palette.text3 : palette.text2;
    pen.textAlign = 'right';
    const text = count.toLocaleString('en');
    pen.fillText(text, end, middle);
    end -= pen.measureText(text).width + 8;
  }
  pen.textAlign = 'left';
  pen.font = fontOf(palette, size, about);
  pen.fillStyle = faded ? palette.text3 : palette.text1;
  const begin = x + 10 + ICON + 8;
  pen.fillText(cut(pen, nameOf(shape, node), end - begin), begin, middle);
  if (scene.focused === node || scene.drawn?.over === node) ring(pen, scene, node);
}

function ring(pen: Pen, scene: Scene, node: number): void {
  const { x, y, wide, high } = boxOf(scene, node);
  pen.strokeStyle = scene.palette.focus;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.roundRect(x - 3, y - 3, wide + 6, high + 6, 7);
  pen.stroke();
}

/** What is gathered by a word that was left empty has a name all the same; types are named in words. */
export function nameOf({ picture: { nodes } }: Shape, node: number): string {
  const [name, kind] = [nodes.name[node] ?? '', nodes.kind[node]];
  if (kind && nodes.key[node] === `credentials:${kind}`) return KIND_NAMES[kind];
  return name || 'None named';
}

export function iconOf({ picture: { nodes } }: Shape, node: number): IconName {
  const kind = nodes.kind[node];
  if (of(nodes.count, node) > 1 && nodes.column[node] !== 0) return 'folder';
  if (kind) return KIND_ICONS[kind];
  if (nodes.column[node] === 2) return 'monitor';
  return nodes.key[node]?.startsWith('account:') ? 'cloud' : 'audit';
}

/** How it is with a node, from the right. */
function marksOf({ shape, palette, circled, now }: Scene, node: number) {
  const { nodes } = shape.picture;
  const marks: { name: IconName; colour: string }[] = [];
  const status = nodes.status[node];
  if (status) marks.push({ name: STATUS[status].icon, colour: palette[STATUS[status].tone] });
  if (circled.has(node)) marks.push({ name: 'refresh', colour: palette.critical });
  if (nodes.column[node] === 2 && unseenFor(shape, node, now) !== null) {
    marks.push({ name: 'clock', colour: palette.soon });
  }
  return marks;
}

/** Since when a consumer was not seen to be well, where that is long; of several the longest. */
export function unseenFor(shape: Shape, consumer: number, now: number): number | null {
  const { seen } = shape.picture.edges;
  const times = Array.from(linksAt(shape.before, consumer), (edge) => seen[edge] ?? null);
  const long = times.filter((at) => at !== null && longUnseen(at, now));
  return long.reduce((first, at) => (first === null || (at ?? 0) < first ? at : first), null);
}
