/** The links, as lines. Many at once are never wider than a pixel of the screen: wider ones take ten times as long. */
import { COLUMN, COLUMNS, HIGH, of, WIDE, type Shape } from '../shape';

type Pen = Pick<
  CanvasRenderingContext2D,
  'beginPath' | 'moveTo' | 'bezierCurveTo' | 'stroke' | 'setLineDash'
>;

/** How places of the map become places of what is drawn on. */
export interface Onto {
  readonly x: number;
  readonly y: number;
  readonly across: number;
  readonly down: number;
}

/** So many lines make one stroke. */
const STROKE = 200;

/** Whether a link reaches into this stretch of the map. */
export function reaches(shape: Shape, edge: number, top: number, end: number): boolean {
  const begin = of(shape.y, of(shape.from, edge)) + HIGH / 2;
  const close = of(shape.y, of(shape.to, edge)) + HIGH / 2;
  return begin < close ? begin < end && close > top : close < end && begin > top;
}

/** The links that a stretch of the map shows, and that are drawn: the last column speaks for itself. */
export function linksWithin(shape: Shape, top: number, end: number): number[] {
  const found: number[] = [];
  for (let edge = 0; edge < shape.from.length; edge += 1) {
    if (isDrawn(shape, edge) && reaches(shape, edge, top, end)) found.push(edge);
  }
  return found;
}

const isDrawn = (shape: Shape, edge: number): boolean =>
  of(shape.x, of(shape.to, edge)) < (COLUMNS - 1) * COLUMN;

/** What is only said, and not set up, is drawn in dashes. */
const isSaid = (shape: Shape, edge: number): boolean =>
  shape.picture.edges.evidence[edge] === 'said';

/** From here to there in the list; strokes of each sort together. */
export function strokeLinks(
  pen: Pen,
  shape: Shape,
  links: readonly number[],
  onto: Onto,
  dashes: (edge: number) => readonly number[] = (edge) => (isSaid(shape, edge) ? SAID : SOLID),
): void {
  for (const sort of [SOLID, SAID, RESTART]) {
    let open = 0;
    pen.setLineDash([...sort]);
    for (const edge of links) {
      if (dashes(edge) !== sort) continue;
      if (open === 0) pen.beginPath();
      lineOf(pen, shape, edge, onto);
      open += 1;
      if (open < STROKE) continue;
      pen.stroke();
      open = 0;
    }
    if (open > 0) pen.stroke();
  }
  pen.setLineDash([]);
}

export const SOLID: readonly number[] = [];
export const SAID: readonly number[] = [3, 3];
export const RESTART: readonly number[] = [7, 6];

function lineOf(pen: Pen, shape: Shape, edge: number, onto: Onto): void {
  const [from, to] = [of(shape.from, edge), of(shape.to, edge)];
  const x = onto.x + (of(shape.x, from) + WIDE) * onto.across;
  const end = onto.x + of(shape.x, to) * onto.across;
  const y = onto.y + (of(shape.y, from) + HIGH / 2) * onto.down;
  const low = onto.y + (of(shape.y, to) + HIGH / 2) * onto.down;
  const middle = (x + end) / 2;
  pen.moveTo(x, y);
  pen.bezierCurveTo(middle, y, middle, low, end, low);
}
