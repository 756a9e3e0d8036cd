/** Paints the map with the next frame after something changed, and once more when it came to rest. */
import { pixelRatio } from '$lib/design/pixels';
import { drawPicture } from './picture';
import type { Scene } from './scene';
import { Sheets } from './sheets';

/** So long after the last move it counts as at rest. */
const REST_MS = 120;

export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #pen: CanvasRenderingContext2D | null;
  readonly #scene: () => Scene | null;
  readonly #painted: () => void;
  #frame = 0;
  #moved = -Infinity;
  #sheets: { of: Sheets; scene: Scene; scale: number } | null = null;

  constructor(canvas: HTMLCanvasElement, scene: () => Scene | null, painted: () => void) {
    this.#canvas = canvas;
    // Without a graphics card this is ten times as fast.
    this.#pen = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
    this.#scene = scene;
    this.#painted = painted;
  }

  /** Something is to be seen that is not painted yet. */
  change(moving = false): void {
    if (moving) this.#moved = performance.now();
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }

  #paint(): void {
    this.#frame = 0;
    const [pen, scene] = [this.#pen, this.#scene()];
    if (!pen || !scene) return;
    const scale = pixelRatio();
    const [width, height] = [scene.view.width * scale, scene.view.height * scale].map(Math.round);
    if (this.#canvas.width !== width) this.#canvas.width = width ?? 0;
    if (this.#canvas.height !== height) this.#canvas.height = height ?? 0;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    const moving = performance.now() - this.#moved < REST_MS;
    if (drawPicture(pen, scene, this.#sheetsFor(scene, scale), moving) || moving) this.change();
    this.#painted();
  }

  #sheetsFor(scene: Scene, scale: number): Sheets {
    const { shape, palette } = scene;
    const last = this.#sheets;
    const same = last?.scene.shape === shape && last.scene.palette === palette;
    if (last && same && last.scale === scale) return last.of;
    const made = new Sheets(shape, palette.line, scale);
    this.#sheets = { of: made, scene, scale };
    return made;
  }
}
