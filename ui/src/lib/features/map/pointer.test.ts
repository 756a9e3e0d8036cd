import { describe, expect, it } from 'vitest';
import { boundBy, Press, targetAt } from './pointer';
import { shapeOf } from './shape';
import { shop } from './testing/made';
import { start, toScreenX, toScreenY } from './view';

const shape = shapeOf(shop());
const view = start(1080, 700, shape.height);
const nodeOf = (key: string) => shape.at.get(key) ?? -1;
const at = (x: number, y: number) => targetAt(shape, view, toScreenX(view, x), toScreenY(view, y));

describe('the pointer', () => {
  it('is at a node, at a link, or at nothing', () => {
    expect(at(300, 10)).toEqual({ node: nodeOf('credential:c1') });
    expect(at(520, 38)).toEqual({ edge: 3 });
    expect(at(520, 300)).toBeNull();
  });

  it('takes a reload for its consumer', () => {
    expect(at(850, 50)).toEqual({ node: nodeOf('consumer:k2') });
  });

  it('is at nothing among the names of the columns, which lie above the rows', () => {
    expect(targetAt(shape, view, toScreenX(view, 300), 20)).toBeNull();
  });

  it('binds a credential and a consumer, from whichever the line began, and nothing else', () => {
    const [credential, consumer] = [nodeOf('credential:c2'), nodeOf('consumer:k3')];
    expect(boundBy(shape, credential, consumer)).toEqual({ credential, consumer });
    expect(boundBy(shape, consumer, credential)).toEqual({ credential, consumer });
    expect(boundBy(shape, credential, nodeOf('credential:c1'))).toBeNull();
    expect(boundBy(shape, nodeOf('account:pay'), consumer)).toBeNull();
  });

  it('presses until it has gone some way, and drags from then on', () => {
    const press = new Press({ node: nodeOf('consumer:k3') }, 100, 100);
    expect(press.move(103, 100)).toEqual({ x: 3, y: 0 });
    expect(press.dragged).toBe(false);
    expect(press.move(103, 110)).toEqual({ x: 0, y: 10 });
    expect(press.dragged).toBe(true);
    press.move(100, 100);
    expect(press.dragged).toBe(true);
  });

  it('draws a line from a credential or a consumer, and moves the picture from anywhere else', () => {
    const from = (key: string) => new Press({ node: nodeOf(key) }, 0, 0).from(shape);
    expect(from('credential:c1')).toBe(nodeOf('credential:c1'));
    expect(from('consumer:k1')).toBe(nodeOf('consumer:k1'));
    expect(from('account:pay')).toBeNull();
    expect(new Press({ edge: 0 }, 0, 0).from(shape)).toBeNull();
    expect(new Press(null, 0, 0).from(shape)).toBeNull();
  });
});
