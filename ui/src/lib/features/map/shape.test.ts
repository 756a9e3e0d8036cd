import { describe, expect, it } from 'vitest';
import { edgeAt, nodeAt, nodesWithin, shapeOf, linksAt, countIn } from './shape';
import { pictureOf, shop } from './testing/made';

const shape = shapeOf(shop());
const nodeOf = (key: string) => shape.at.get(key) ?? -1;

describe('the shape of a map', () => {
  it('knows the nodes of each column from the top, and the links of each node', () => {
    expect([...(shape.columns[2] ?? [])]).toEqual(
      ['consumer:k1', 'consumer:k2', 'consumer:k3'].map(nodeOf),
    );
    const used = [...linksAt(shape.after, nodeOf('credential:c1'))].map((edge) => shape.to[edge]);
    expect(used).toEqual([nodeOf('consumer:k1'), nodeOf('consumer:k2')]);
    expect([...linksAt(shape.before, nodeOf('consumer:k3'))]).toEqual([]);
  });

  it('finds the node at a place, to its last pixel, and nothing between', () => {
    expect(nodeAt(shape, 280, 0)).toBe(nodeOf('credential:c1'));
    expect(nodeAt(shape, 480, 32)).toBe(nodeOf('credential:c1'));
    expect(nodeAt(shape, 481, 16)).toBeNull();
    expect(nodeAt(shape, 300, 33)).toBeNull();
    expect(nodeAt(shape, 300, -1)).toBeNull();
    expect(nodeAt(shape, -1, 0)).toBeNull();
    expect(nodeAt(shape, 2000, 0)).toBeNull();
  });

  it('finds the link that passes nearest, and none that is far', () => {
    // From payment-gateway (0) to batch (44): level at both ends, half-way in the middle.
    const down = shape.picture.edges.to.indexOf(nodeOf('consumer:k2'));
    expect(edgeAt(shape, 520, 16 + 22, 5)).toBe(down);
    expect(edgeAt(shape, 558, 16 + 44, 5)).toBe(down);
    expect(edgeAt(shape, 520, 16 + 60, 5)).toBeNull();
    expect(edgeAt(shape, 300, 16, 5)).toBeNull();
  });

  it('finds no link to a reload: the consumer beside it says that', () => {
    expect(edgeAt(shape, 560 + 240, 16, 5)).toBeNull();
  });

  it('tells which nodes of a column reach into a stretch', () => {
    expect([...nodesWithin(shape, 2, 33, 44)]).toEqual([nodeOf('consumer:k2')]);
    expect([...nodesWithin(shape, 2, 30, 43)]).toEqual([nodeOf('consumer:k1')]);
    expect([...nodesWithin(shape, 2, 200, 300)]).toEqual([]);
  });

  it('counts what groups stand for, and issuers once', () => {
    const grouped = shapeOf(
      pictureOf(
        [
          { key: 'issuer:mail', y: 0, count: 3 },
          { key: 'credentials:data', y: 0, count: 7 },
          { key: 'credential:c1', y: 44 },
        ],
        [],
      ),
    );
    expect([0, 1, 2].map((column) => countIn(grouped, column))).toEqual([1, 8, 0]);
  });

  it('is that of a map in which nothing is', () => {
    const empty = shapeOf(pictureOf([], []));
    expect(empty.height).toBe(0);
    expect(nodeAt(empty, 0, 0)).toBeNull();
  });
});
