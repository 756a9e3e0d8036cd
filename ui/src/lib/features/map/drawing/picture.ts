/** The whole picture, from back to front. */
import { COLUMN, COLUMNS, countIn, WIDE } from '../shape';
import { acrossOf, HEAD, toScreenX } from '../view';
import { boxOf, drawNodes } from './nodes';
import { fontOf, type Pen } from './pen';
import { drawBack, drawBeam, drawReloads, drawWay } from './reach';
import type { Scene } from './scene';
import type { Sheets } from './sheets';

const NAMES = ['Issuer', 'Credential', 'Consumer', 'Reload and downtime'] as const;
/** What steps back keeps so much of itself. */
const FADED = 0.35;
const USUAL = 0.6;

/** Whether there is more to be done when nothing moves. */
export function drawPicture(pen: Pen, scene: Scene, sheets: Sheets, moving: boolean): boolean {
  const { view, palette, path, found } = scene;
  pen.fillStyle = palette.canvas;
  pen.fillRect(0, 0, view.width, view.height);
  pen.globalAlpha = path || found ? FADED : USUAL;
  const more = sheets.draw(pen, view, moving);
  pen.globalAlpha = 1;
  drawBeam(pen, scene);
  drawBack(pen, scene);
  drawWay(pen, scene);
  drawNodes(pen, scene);
  drawReloads(pen, scene);
  drawHead(pen, scene);
  drawHandLine(pen, scene);
  return more;
}

/** The names of the columns stay while the rows pass below them. */
function drawHead(pen: Pen, { shape, view, palette }: Scene): void {
  pen.fillStyle = palette.canvas;
  pen.fillRect(0, 0, view.width, HEAD - 12);
  pen.font = fontOf(palette, 12);
  pen.fillStyle = palette.text2;
  pen.textBaseline = 'middle';
  for (let column = 0; column < COLUMNS; column += 1) {
    const x = toScreenX(view, column * COLUMN);
    pen.textAlign = 'left';
    pen.fillText(NAMES[column] ?? '', x, 26);
    if (column === COLUMNS - 1) continue;
    pen.textAlign = 'right';
    pen.fillText(countIn(shape, column).toLocaleString('en'), x + WIDE * acrossOf(view), 26);
  }
  pen.textAlign = 'left';
}

function drawHandLine(pen: Pen, scene: Scene): void {
  const { drawn, shape, palette } = scene;
  if (!drawn) return;
  const box = boxOf(scene, drawn.from);
  const x = shape.picture.nodes.column[drawn.from] === 1 ? box.x + box.wide : box.x;
  const y = box.y + box.high / 2;
  const middle = (x + drawn.x) / 2;
  pen.strokeStyle = palette.accent;
  pen.fillStyle = palette.accent;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.bezierCurveTo(middle, y, middle, drawn.y, drawn.x, drawn.y);
  pen.stroke();
  pen.beginPath();
  pen.arc(drawn.x, drawn.y, 4, 0, 2 * Math.PI);
  pen.fill();
}
