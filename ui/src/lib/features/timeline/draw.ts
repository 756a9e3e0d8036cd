/** Draws what is in sight of the timeline onto a canvas: days and windows behind, bars and moments in front. */
import type { Palette } from '$lib/design/palette';
import { day as dayOf } from '$lib/words/times';
import { DAY, ticksOf, xOf } from './axis';
import { cellsOf, strengthOf } from './heat';
import { linesIn, ROW, type Line } from './lines';
import type { Mark } from './marks';
import { DIAMOND, LOWER, MIDDLE, RAIL, UPPER, type Scene } from './scene';

export const COLOURS = {
  ground: '--surface',
  lane: '--canvas',
  hover: '--hover',
  meant: '--accent-ground',
  line: '--rowline',
  tick: '--hairline',
  text: '--text-1',
  quiet: '--text-2',
  faint: '--text-3',
  accent: '--accent',
  onAccent: '--on-accent',
  soon: '--soon-text',
  soonGround: '--soon-ground',
  late: '--critical-ink',
  lateGround: '--critical-soft',
  info: '--info',
  infoGround: '--info-ground',
  bar: '--bar',
  spent: '--bar-spent',
  both: '--bar-both',
  grace: '--grace',
  week: '--band-week',
  dayBand: '--band-day',
  window: '--window',
} as const;

export type Colours = Palette<keyof typeof COLOURS>;
type Context = CanvasRenderingContext2D;

const WEEK = 7 * DAY;
/** A window that would be narrower is so wide where there is room; where they would run together none is drawn. */
const WINDOW_LEAST = 5;
const WINDOWS_APART = 8;
const CELL_ALPHA = [0.16, 0.32, 0.5, 0.75, 1] as const;

export function drawRows(ctx: Context, scene: Scene, colours: Colours): void {
  const { axis, top, height } = scene;
  fill(ctx, colours.ground, 0, 0, axis.width, height);
  drawBands(ctx, scene, colours, 0, height);
  const lines = linesIn(scene.lines, top, top + height);
  for (const line of lines) drawGround(ctx, scene, colours, line);
  if (scene.windows) drawWindows(ctx, scene, colours, lines);
  for (const { x } of ticksOf(axis).small) fill(ctx, colours.line, Math.round(x), 0, 1, height);
  for (const line of lines) {
    const y = line.top - top;
    if (line.is === 'strip') drawStrip(ctx, scene, colours, line, y);
    if (line.is === 'row') {
      for (const mark of scene.marks[line.row] ?? []) drawMark(ctx, scene, colours, line, y, mark);
    }
    fill(ctx, colours.line, 0, y + line.height - 1, axis.width, 1);
  }
  drawToday(ctx, scene, colours, height);
  if (scene.move) drawMove(ctx, scene, colours, scene.move);
}

/** The next day and the next week. */
export function drawBands(
  ctx: Context,
  { axis, view }: Scene,
  colours: Colours,
  top: number,
  height: number,
): void {
  const [now, day, week] = [0, DAY, WEEK].map((ahead) => xOf(axis, view.now + ahead)) as [
    number,
    number,
    number,
  ];
  between(ctx, axis.width, colours.week, day, week, top, height);
  between(ctx, axis.width, colours.dayBand, now, day, top, height);
}

function drawGround(ctx: Context, scene: Scene, colours: Colours, line: Line): void {
  const { axis, top } = scene;
  const whole = (colour: string) => fill(ctx, colour, 0, line.top - top, axis.width, line.height);
  if (line.is !== 'row') return whole(colours.lane);
  if (line.row !== scene.meant && line.row !== scene.pointed) return;
  ctx.globalAlpha = 0.6;
  whole(line.row === scene.meant ? colours.meant : colours.hover);
  ctx.globalAlpha = 1;
}

/** Rows of the same window that follow one another share its columns. */
function drawWindows(ctx: Context, scene: Scene, colours: Colours, lines: readonly Line[]): void {
  const { axis, view, top } = scene;
  ctx.fillStyle = colours.window;
  for (let at = 0; at < lines.length;) {
    const windowOf = (line: Line | undefined) =>
      line?.is === 'row' ? (view.rows.window[line.row] ?? null) : null;
    const which = windowOf(lines[at]);
    const first = lines[at];
    let [end, bottom] = [at + 1, (first?.top ?? 0) + (first?.height ?? 0)];
    for (; windowOf(lines[end]) === which && lines[end]; end += 1) {
      bottom = (lines[end]?.top ?? 0) + (lines[end]?.height ?? 0);
    }
    at = end;
    if (which === null || !first) continue;
    const open = view.windows[which] ?? [];
    const apart =
      open.length > 1 ? ((view.until - view.from) / open.length / DAY) * axis.scale : 99;
    if (apart < WINDOWS_APART) continue;
    const least = Math.min(WINDOW_LEAST, apart / 10);
    ctx.beginPath();
    for (const [opens, closes] of open) {
      const [x, stop] = [xOf(axis, opens), xOf(axis, closes)];
      if (stop < -WINDOW_LEAST || x > axis.width) continue;
      ctx.rect(x, first.top - top, Math.max(least, stop - x), bottom - first.top);
    }
    ctx.fill();
  }
}

function drawStrip(ctx: Context, scene: Scene, colours: Colours, line: Line, y: number): void {
  ctx.font = `600 11px ${colours.font}`;
  ctx.textAlign = 'center';
  for (const { x, width, count } of cellsOf(scene.view, line.lane, scene.axis)) {
    const strength = strengthOf(count);
    ctx.globalAlpha = CELL_ALPHA[strength];
    ctx.fillStyle = strength === 0 ? colours.spent : colours.bar;
    ctx.fillRect(x + 1, y + 9, width - 2, 18);
    ctx.globalAlpha = 1;
    if (count === 0 || ctx.measureText(String(count)).width > width - 4) continue;
    ctx.fillStyle = strength > 2 ? colours.ground : colours.text;
    ctx.fillText(String(count), x + width / 2, y + 22);
  }
  ctx.textAlign = 'start';
}

function drawMark(
  ctx: Context,
  scene: Scene,
  colours: Colours,
  line: Line,
  y: number,
  { what, from, until }: Mark,
): void {
  const { axis, view, meant } = scene;
  const [x, end] = [xOf(axis, from), xOf(axis, until)];
  if (end < -2 * DIAMOND || x > axis.width + 2 * DIAMOND) {
    if (what === 'expiry' && x > axis.width) noteExpiry(ctx, scene, colours, line, y, from);
    return;
  }
  const now = xOf(axis, view.now);
  const bar = (colour: string, left: number, right: number, at: number) =>
    between(ctx, axis.width, colour, left, right, y + at, RAIL);
  switch (what) {
    case 'valid':
      bar(colours.spent, x, Math.min(end, now), UPPER);
      bar(colours.bar, Math.max(x, now), end, UPPER);
      return;
    case 'previous':
      bar(colours.spent, x, Math.min(end, now), LOWER);
      bar(colours.bar, Math.max(x, now), end, LOWER);
      return;
    case 'grace':
      if (!scene.grace) return;
      // The one that goes is the darker half: its time is what runs out.
      bar(from <= view.now ? colours.grace : colours.both, x, end, UPPER);
      bar(from <= view.now ? colours.both : colours.grace, x, end, LOWER);
      between(ctx, axis.width, colours.grace, x, end, y + UPPER + RAIL, LOWER - UPPER - RAIL);
      return;
    case 'overdue':
      return hatch(ctx, scene, colours, x, end, y);
    case 'expired':
      return outline(ctx, scene, colours.late, colours.lateGround, x, end, y + UPPER);
    case 'coming':
      return outline(ctx, scene, colours.info, colours.infoGround, x, end, y + LOWER);
    case 'waits':
      return dots(ctx, colours.late, [3, 3], x, y + MIDDLE, Math.min(end, axis.width), y + MIDDLE);
    case 'next':
      return drawNext(ctx, scene, colours, x, y);
    case 'limit':
      return dots(ctx, colours.quiet, [2, 3], x, y + 3, x, y + ROW - 4);
    case 'expiry':
      fill(ctx, colours.text, x - 1.5, y + UPPER - 4, 3, RAIL + 8);
      return noteExpiry(ctx, scene, colours, line, y, from);
    case 'planned':
      if (scene.move?.row === line.row) return ghost(ctx, colours, x, y + MIDDLE);
      return diamond(ctx, colours, x, y + MIDDLE, line.row === meant);
  }
}

/** Its outline goes on to where nobody knows. */
function drawNext(ctx: Context, { axis }: Scene, colours: Colours, x: number, y: number): void {
  const from = Math.max(x, -4);
  for (const edge of [LOWER + 0.5, LOWER + RAIL - 0.5]) {
    dots(ctx, colours.faint, [4, 3], from, y + edge, axis.width, y + edge, 0.6);
  }
}

function noteExpiry(
  ctx: Context,
  { axis, view, marks }: Scene,
  colours: Colours,
  { row }: Line,
  y: number,
  at: number,
): void {
  const past = at <= view.now;
  const text = `${past ? 'expired' : 'expires'} ${dayOf(at, view.now)}`;
  ctx.font = `12px ${colours.font}`;
  const wide = ctx.measureText(text).width;
  const x = xOf(axis, past ? view.now : at) + 7;
  const fits = x + wide < axis.width;
  // On the rail that is free.
  const planned = (marks[row] ?? []).some(
    ({ what, from }) => what === 'next' && xOf(axis, from) < axis.width,
  );
  if (!fits && planned) return;
  ctx.fillStyle = colours.faint;
  ctx.fillText(text, fits ? x : axis.width - wide - 12, y + (fits ? UPPER + 9 : LOWER + 8));
}

function hatch(ctx: Context, { axis }: Scene, colours: Colours, x: number, end: number, y: number) {
  const [left, right] = [Math.max(x, -8), Math.min(end, axis.width)];
  fill(ctx, colours.lateGround, left, y + UPPER - 0.5, right - left, RAIL + 1);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, y + UPPER - 0.5, right - left, RAIL + 1);
  ctx.clip();
  ctx.strokeStyle = colours.late;
  ctx.lineWidth = 2;
  ctx.beginPath();
  for (let at = x - 12 - Math.floor((x - left) / 6) * 6; at < right; at += 6) {
    ctx.moveTo(at, y + UPPER - 2);
    ctx.lineTo(at + RAIL + 4, y + UPPER + RAIL + 2);
  }
  ctx.stroke();
  ctx.restore();
  ctx.strokeStyle = colours.late;
  ctx.lineWidth = 1;
  ctx.strokeRect(left, y + UPPER - 0.5, right - left, RAIL + 1);
  fill(ctx, colours.late, x - 1, y + UPPER - 3, 2, RAIL + 6);
}

function outline(
  ctx: Context,
  { axis }: Scene,
  line: string,
  ground: string,
  x: number,
  end: number,
  y: number,
): void {
  const [left, right] = [Math.max(x, -4), Math.min(end, axis.width + 4)];
  fill(ctx, ground, left, y, right - left, RAIL);
  ctx.strokeStyle = line;
  ctx.lineWidth = 1;
  ctx.strokeRect(left + 0.5, y + 0.5, right - left - 1, RAIL - 1);
}

function path(ctx: Context, x: number, y: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y - DIAMOND);
  ctx.lineTo(x + DIAMOND, y);
  ctx.lineTo(x, y + DIAMOND);
  ctx.lineTo(x - DIAMOND, y);
  ctx.closePath();
}

function diamond(ctx: Context, colours: Colours, x: number, y: number, chosen: boolean): void {
  path(ctx, x, y);
  ctx.fillStyle = chosen ? colours.accent : colours.ground;
  ctx.fill();
  ctx.strokeStyle = chosen ? colours.accent : colours.text;
  ctx.lineWidth = 1.5;
  ctx.stroke();
}

/** Where it was. */
function ghost(ctx: Context, colours: Colours, x: number, y: number): void {
  path(ctx, x, y);
  ctx.setLineDash([2, 2]);
  ctx.strokeStyle = colours.text;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawMove(ctx: Context, scene: Scene, colours: Colours, move: NonNullable<Scene['move']>) {
  const line = scene.lines.all.find(({ is, row }) => is === 'row' && row === move.row);
  if (!line) return;
  const [x, y] = [xOf(scene.axis, move.at), line.top - scene.top + MIDDLE];
  const colour = move.refused ? colours.late : colours.accent;
  path(ctx, x, y);
  ctx.fillStyle = move.refused ? colours.ground : colour;
  ctx.fill();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  if (!move.refused) return;
  ctx.beginPath();
  ctx.moveTo(x - 3, y - 3);
  ctx.lineTo(x + 3, y + 3);
  ctx.moveTo(x + 3, y - 3);
  ctx.lineTo(x - 3, y + 3);
  ctx.stroke();
}

export function drawToday(
  ctx: Context,
  { axis, view }: Scene,
  colours: Colours,
  end: number,
): void {
  fill(ctx, colours.accent, Math.round(xOf(axis, view.now)) - 1, 0, 2, end);
}

function dots(
  ctx: Context,
  colour: string,
  dash: number[],
  x: number,
  y: number,
  toX: number,
  toY: number,
  alpha = 1,
): void {
  if (toX < x) return;
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = x === toX ? 2 : 1;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** As far as it is in sight. */
function between(
  ctx: Context,
  width: number,
  colour: string,
  x: number,
  end: number,
  y: number,
  height: number,
): void {
  const [left, right] = [Math.max(x, -4), Math.min(end, width + 4)];
  if (right > left) fill(ctx, colour, left, y, right - left, height);
}

function fill(ctx: Context, colour: string, x: number, y: number, width: number, height: number) {
  ctx.fillStyle = colour;
  ctx.fillRect(x, y, width, height);
}
