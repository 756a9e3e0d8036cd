/** The whole map as a picture of its own, for a file: as it stands, from the first row to the last. */
import { WHOLE_WIDTH } from '../shape';
import { HEAD, SIDE } from '../view';
import { drawPicture } from './picture';
import type { Scene } from './scene';
import { Sheets } from './sheets';

const FOOT = 24;
/** No canvas is higher. */
const HIGHEST = 16_000;

/** As PNG, in base64. */
export function wholePicture(scene: Scene): string {
  const { shape, palette } = scene;
  const zoom = Math.min(1, (HIGHEST - HEAD - FOOT) / Math.max(1, shape.height));
  const width = WHOLE_WIDTH + 2 * SIDE;
  const height = Math.ceil(HEAD + shape.height * zoom + FOOT);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  const view = { width, height, zoom, left: 0, top: 0 };
  if (pen) {
    drawPicture(pen, { ...scene, view, focused: null }, new Sheets(shape, palette.line, 1), false);
  }
  return canvas.toDataURL('image/png').split(',')[1] ?? '';
}
