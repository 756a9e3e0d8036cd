/** The timeline as pixels: what the window shows, with all rows and their names beside it. */
import type { GatheredBy } from '$lib/bindings';
import { readPalette } from '$lib/design/palette';
import { COLOURS, drawRows, type Colours } from './draw';
import { drawHead, HEAD_HEIGHT } from './drawHead';
import { linesIn, linesOf, type Line } from './lines';
import type { Scene } from './scene';
import { dueShort, laneName } from './words';

const NAMES = 232;
const DUE = 64;
/** Web views draw nothing at all onto what is much taller. */
const TALLEST = 8000;

type Shown = Pick<Scene, 'view' | 'marks' | 'axis' | 'grace' | 'windows'>;
type Context = CanvasRenderingContext2D;

/** In base64. */
export function pngOf(shown: Shown, by: GatheredBy): string {
  const lines = linesOf(shown.view, null);
  const height = Math.min(lines.height, TALLEST);
  const scene = { ...shown, lines, height, top: 0, meant: -1, pointed: -1, move: null };
  const { width } = shown.axis;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [NAMES + width, HEAD_HEIGHT + height];
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return '';
  const colours = readPalette(document.body, COLOURS);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  within(context, NAMES, 0, width, HEAD_HEIGHT, () => drawHead(context, scene, colours));
  within(context, NAMES, HEAD_HEIGHT, width, height, () => drawRows(context, scene, colours));
  for (const line of linesIn(lines, 0, height)) drawName(context, scene, colours, line, by);
  return canvas.toDataURL('image/png').split(',')[1] ?? '';
}

function drawName(context: Context, scene: Scene, colours: Colours, line: Line, by: GatheredBy) {
  const { view, marks } = scene;
  const lane = view.lanes[line.lane];
  const isRow = line.is === 'row';
  const top = HEAD_HEIGHT + line.top;
  const name = isRow ? (view.rows.name[line.row] ?? '') : laneName(by, lane?.name ?? '');
  const due = isRow ? dueShort(view, marks[line.row] ?? [], line.row) : String(lane?.count ?? '');
  const middle = line.height / 2 + 5;
  context.fillStyle = isRow ? colours.ground : colours.lane;
  context.fillRect(0, top, NAMES, line.height);
  context.fillStyle = colours.line;
  context.fillRect(0, top + line.height - 1, NAMES, 1);
  within(context, 12, top, NAMES - 12 - DUE, line.height, () => {
    context.font = `${isRow ? 400 : 600} 13px ${colours.font}`;
    context.fillStyle = colours.text;
    context.fillText(name, isRow ? 12 : 0, middle);
  });
  within(context, NAMES - DUE, top, DUE - 8, line.height, () => {
    context.font = `12px ${colours.font}`;
    context.fillStyle = colours.quiet;
    context.textAlign = 'end';
    context.fillText(due, DUE - 12, middle);
    context.textAlign = 'start';
  });
}

/** Draws with that corner as its own, and nothing beyond. */
function within(
  context: Context,
  x: number,
  y: number,
  width: number,
  height: number,
  draw: () => void,
): void {
  context.save();
  context.translate(x, y);
  context.beginPath();
  context.rect(0, 0, width, height);
  context.clip();
  draw();
  context.restore();
}
