/**
 * Many links are drawn ahead onto sheets that are only moved while the map is: a screen's worth and a bit around
 * it, and the whole map coarsely for what lies beyond. A sheet is filled a little with each frame.
 */
import { WHOLE_WIDTH, type Shape } from '../shape';
import { acrossOf, HEAD, toMapY, toScreenX, toScreenY, type View } from '../view';
import { linksWithin, strokeLinks } from './links';

type Surface = CanvasRenderingContext2D;

/** Up to so many are drawn anew with every frame. */
const FEW = 250;
/** So long a frame may work on a sheet. */
const BUDGET_MS = 4;
const AT_ONCE = 50;
/** How high the sheet of the whole map is. */
const COARSE = 2048;
/** Stretched by more than this, a sheet is too coarse to be waited for. */
const STRETCHED = 1.5;

/** Up to so many links are drawn as they are, and more of them fainter. */
const DENSE = 3_000;
const FAINTEST = 0.25;

interface Sheet {
  readonly surface: Surface;
  readonly across: number;
  readonly down: number;
  /** The stretch of the map that it holds. */
  readonly top: number;
  readonly end: number;
  readonly links: readonly number[];
  done: number;
}

export class Sheets {
  readonly #shape: Shape;
  readonly #colour: string;
  readonly #scale: number;
  #near: Sheet | null = null;
  #next: Sheet | null = null;
  #whole: Sheet | null = null;

  /** `scale`: how many pixels the screen has for one of the page. */
  constructor(shape: Shape, colour: string, scale: number) {
    this.#shape = shape;
    this.#colour = colour;
    this.#scale = scale;
  }

  /** Draws the links in sight; whether there is more to be done when nothing moves. */
  draw(to: Surface, view: View, moving: boolean): boolean {
    const [top, end] = [toMapY(view, HEAD), toMapY(view, view.height)];
    const links = linksWithin(this.#shape, top, end);
    if (links.length <= FEW) {
      this.#prepare(to, 1);
      strokeLinks(to, this.#shape, links, {
        x: toScreenX(view, 0),
        y: toScreenY(view, 0),
        across: acrossOf(view),
        down: view.zoom,
      });
      return false;
    }
    this.#near ??= filled(this.#about(view), this.#shape);
    if (this.#tooFar(this.#next ?? this.#near, view, moving)) this.#next = this.#about(view);
    const busy = this.#work();
    this.#show(to, view, top, end, moving);
    return busy || (moving && this.#near.down !== view.zoom);
  }

  /** Whether there should be a sheet of its own for this view. */
  #tooFar(sheet: Sheet, view: View, moving: boolean): boolean {
    const ratio = sheet.down / view.zoom;
    if (ratio > STRETCHED || ratio < 1 / STRETCHED) return true;
    if (!moving && (ratio !== 1 || sheet.across !== acrossOf(view))) return true;
    const seen = view.height / view.zoom;
    const [above, below] = [toMapY(view, 0) - sheet.top, sheet.end - toMapY(view, view.height)];
    const height = this.#shape.height;
    return (above < seen / 3 && sheet.top > 0) || (below < seen / 3 && sheet.end < height);
  }

  /** An empty sheet for a view and as much above and below. */
  #about(view: View): Sheet {
    const seen = view.height / view.zoom;
    const from = toMapY(view, 0) - seen;
    return this.#empty(acrossOf(view), view.zoom, from, from + 3 * seen);
  }

  #empty(across: number, down: number, from: number, to: number): Sheet {
    const [top, end] = [Math.max(0, from), Math.min(this.#shape.height, to)];
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(WHOLE_WIDTH * across * this.#scale);
    canvas.height = Math.max(1, Math.ceil((end - top) * down * this.#scale));
    // Without a graphics card this is ten times as fast.
    const surface = canvas.getContext('2d', { willReadFrequently: true });
    if (!surface) throw new Error('a canvas can be drawn on');
    this.#prepare(surface, this.#scale);
    return { surface, across, down, top, end, links: linksWithin(this.#shape, top, end), done: 0 };
  }

  #prepare(surface: Surface, scale: number): void {
    surface.strokeStyle = this.#colour;
    surface.lineWidth = scale / this.#scale;
  }

  /** Goes on with what is not filled yet. */
  #work(): boolean {
    const { height } = this.#shape;
    this.#whole ??= this.#empty(1, Math.min(1, COARSE / this.#scale / height), 0, height);
    const end = performance.now() + BUDGET_MS;
    const sheet = this.#next ?? this.#whole;
    while (sheet.done < sheet.links.length && performance.now() < end)
      fill(sheet, this.#shape, AT_ONCE);
    const complete = sheet.done >= sheet.links.length;
    if (complete && sheet === this.#next) [this.#near, this.#next] = [sheet, null];
    return !complete || this.#next !== null || this.#whole.done < this.#whole.links.length;
  }

  /** The near sheet where it reaches, and the coarse one beyond. */
  #show(to: Surface, view: View, top: number, end: number, moving: boolean): void {
    const near = this.#near;
    if (!near) return;
    to.imageSmoothingEnabled = !moving;
    const [from, until] = [Math.max(top, near.top), Math.min(end, near.end)];
    if (until > from) this.#copy(to, near, view, from, until);
    if (!this.#whole) return;
    if (top < from) this.#copy(to, this.#whole, view, top, Math.min(end, from));
    if (end > until) this.#copy(to, this.#whole, view, Math.max(top, until), end);
  }

  #copy(to: Surface, sheet: Sheet, view: View, from: number, until: number): void {
    const top = Math.max(from, sheet.top);
    const end = Math.min(until, sheet.end);
    const down = sheet.down * this.#scale;
    const high = (end - top) * down;
    if (high < 1) return;
    const { canvas } = sheet.surface;
    to.drawImage(
      canvas,
      0,
      (top - sheet.top) * down,
      canvas.width,
      Math.min(high, canvas.height),
      toScreenX(view, 0),
      toScreenY(view, top),
      WHOLE_WIDTH * acrossOf(view),
      (end - top) * view.zoom,
    );
  }
}

function fill(sheet: Sheet, shape: Shape, count: number): void {
  const { surface, across, links } = sheet;
  const scale = surface.canvas.width / (WHOLE_WIDTH * across);
  const onto = {
    x: 0,
    y: -sheet.top * sheet.down * scale,
    across: across * scale,
    down: sheet.down * scale,
  };
  // Where many lie above each other they are dense, and not only full.
  surface.globalAlpha = Math.max(FAINTEST, Math.min(1, DENSE / links.length));
  strokeLinks(surface, shape, links.slice(sheet.done, sheet.done + count), onto);
  sheet.done += count;
}

function filled(sheet: Sheet, shape: Shape): Sheet {
  fill(sheet, shape, sheet.links.length);
  return sheet;
}
