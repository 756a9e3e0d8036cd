/** Draws what stands above the rows: months and days, today, the days ahead, and where restarts are close. */
import { dateText } from '$lib/words/policies';
import { DAY, ticksOf, xOf, type Tick } from './axis';
import { drawBands, type Colours } from './draw';
import type { Scene } from './scene';

export const HEAD_HEIGHT = 72;
/** Of the names of months, of the mark of today, and of days and what is ahead. */
const GREAT = 22;
const PILL = { top: 28, height: 20, middle: 42, padding: 10 };
const SMALL = 64;
const BANDS = 46;

type Context = CanvasRenderingContext2D;
/** What is taken up in the line of days. */
type Taken = [from: number, end: number][];

export function drawHead(ctx: Context, scene: Scene, colours: Colours): void {
  const { axis, view } = scene;
  ctx.textAlign = 'start';
  ctx.fillStyle = colours.ground;
  ctx.fillRect(0, 0, axis.width, HEAD_HEIGHT);
  drawBands(ctx, scene, colours, BANDS, HEAD_HEIGHT - BANDS);
  const { great, small } = ticksOf(axis);
  drawGreat(ctx, colours, great);
  const taken: Taken = [];
  const clashes = new Set(view.clashes.map(({ firstAt }) => Math.round(xOf(axis, firstAt))));
  for (const x of clashes) drawClash(ctx, colours, x, taken);
  drawAhead(ctx, scene, colours, taken);
  ctx.font = `12px ${colours.font}`;
  for (const { x, text } of small) {
    ctx.fillStyle = colours.tick;
    ctx.fillRect(Math.round(x), BANDS + 2, 1, HEAD_HEIGHT - BANDS - 2);
    ctx.fillStyle = colours.quiet;
    if (free(taken, x, x + 8 + ctx.measureText(text).width)) ctx.fillText(text, x + 5, SMALL);
  }
  ctx.fillStyle = colours.tick;
  ctx.fillRect(0, HEAD_HEIGHT - 1, axis.width, 1);
  drawPill(ctx, scene, colours);
}

/** The name of what began before stays at the edge until the next one pushes it out. */
function drawGreat(ctx: Context, colours: Colours, great: readonly Tick[]): void {
  ctx.font = `600 13px ${colours.font}`;
  great.forEach(({ x, text }, at) => {
    const room = (great[at + 1]?.x ?? Infinity) - ctx.measureText(text).width - 12;
    if (x > 0) {
      ctx.fillStyle = colours.tick;
      ctx.fillRect(Math.round(x), 8, 1, HEAD_HEIGHT - 8);
    }
    ctx.fillStyle = colours.text;
    ctx.fillText(text, Math.min(Math.max(x, 0), room) + 5, GREAT);
  });
}

/** Names the bands of a day and a week as far as there is room, and marks two weeks. */
function drawAhead(ctx: Context, { axis, view }: Scene, colours: Colours, taken: Taken): void {
  ctx.font = `12px ${colours.font}`;
  ctx.fillStyle = colours.soon;
  const days = axis.scale;
  const now = xOf(axis, view.now);
  const put = (text: string, end: number, least: number, begins = false) => {
    const wide = ctx.measureText(text).width;
    const x = begins ? end : end - wide - 8;
    if (days < least || !free(taken, x - 3, x + wide + 3)) return;
    ctx.fillText(text, x, SMALL);
    taken.push([x - 3, x + wide + 3]);
  };
  put('1 d', now + 3, 19, true);
  put(days * 6 > 80 ? '7 days' : '7 d', now + 7 * days, 6);
  put('14 d', now + 14 * days, 6);
  if (days < 6) return;
  for (let y = BANDS + 2; y < HEAD_HEIGHT; y += 4) {
    ctx.fillRect(Math.round(now + 14 * days), y, 1, 2);
  }
}

function drawClash(ctx: Context, colours: Colours, x: number, taken: Taken): void {
  ctx.beginPath();
  ctx.arc(x, SMALL - 4, 8, 0, 2 * Math.PI);
  ctx.fillStyle = colours.soonGround;
  ctx.fill();
  ctx.fillStyle = colours.soon;
  ctx.fillRect(x - 0.75, SMALL - 9, 1.5, 6);
  ctx.fillRect(x - 0.75, SMALL - 1.5, 1.5, 1.75);
  taken.push([x - 10, x + 10]);
}

function drawPill(ctx: Context, { axis, view }: Scene, colours: Colours): void {
  const x = xOf(axis, view.now);
  const text = dateText(view.now, view.now - 2 * DAY);
  ctx.font = `600 12px ${colours.font}`;
  const wide = ctx.measureText(text).width + 2 * PILL.padding;
  if (x < -wide / 2 || x > axis.width + wide / 2) return;
  ctx.fillStyle = colours.accent;
  ctx.fillRect(Math.round(x) - 1, PILL.top + PILL.height, 2, HEAD_HEIGHT);
  ctx.beginPath();
  ctx.roundRect(x - wide / 2, PILL.top, wide, PILL.height, 4);
  ctx.fill();
  ctx.fillStyle = colours.onAccent;
  ctx.fillText(text, x - wide / 2 + PILL.padding, PILL.middle);
}

const free = (taken: Taken, from: number, end: number): boolean =>
  taken.every(([left, right]) => end < left || from > right);
