/** Words and icons on a canvas. */
import { icons, type IconName } from '$lib/design/icons';
import { pixelRatio } from '$lib/design/pixels';
import type { Palette } from './palette';

export type Pen = CanvasRenderingContext2D;

/** Icons that were drawn already: copied, they take a fifth of the time. */
const drawn = new Map<string, HTMLCanvasElement>();
const MOST_DRAWN = 200;
const ICON = 16;

/** An icon of the page, with its upper left corner there. */
export function drawIcon(pen: Pen, name: IconName, x: number, y: number, colour: string): void {
  const scale = pixelRatio();
  const key = `${name} ${colour} ${scale}`;
  if (drawn.size > MOST_DRAWN) drawn.clear();
  const icon = drawn.get(key) ?? iconOf(name, colour, scale);
  drawn.set(key, icon);
  // Between two pixels it would be blurred.
  const [left, top] = [Math.round(x * scale) / scale, Math.round(y * scale) / scale];
  pen.drawImage(icon, left, top, ICON, ICON);
}

function iconOf(name: IconName, colour: string, scale: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.ceil(ICON * scale);
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return canvas;
  pen.scale(scale, scale);
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.stroke(new Path2D(icons[name]));
  return canvas;
}

export const fontOf = ({ font }: Palette, size: number, strong = false): string =>
  `${strong ? 600 : 400} ${size}px ${font}`;

/** A font and a width, and what each text is cut to there. */
const cuts = new Map<string, Map<string, string>>();
const MOST_CUTS = 50;

/** The text as far as there is room. */
export function cut(pen: Pen, text: string, width: number): string {
  const key = `${pen.font} ${Math.round(width)}`;
  if (cuts.size > MOST_CUTS) cuts.clear();
  const known = cuts.get(key) ?? new Map<string, string>();
  cuts.set(key, known);
  const before = known.get(text);
  if (before !== undefined) return before;
  const short = shorten(pen, text, width);
  known.set(text, short);
  return short;
}

function shorten(pen: Pen, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pen.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}
