import { describe, expect, it } from 'vitest';
import { credentialsOf, pathOf, pathOfEdge, step } from './path';
import { shapeOf } from './shape';
import { shop } from './testing/made';

const shape = shapeOf(shop());
const { key } = shape.picture.nodes;
const nodeOf = (name: string) => shape.at.get(name) ?? -1;
const on = (marks: Uint8Array) => key.filter((_, node) => marks[node]);

describe('a way through the map', () => {
  it('leads from a credential to its issuer and to all who use it, and to nobody else', () => {
    const path = pathOf(shape, nodeOf('credential:c1'));
    expect(on(path.nodes)).toEqual([
      'account:pay',
      'credential:c1',
      'consumer:k1',
      'consumer:k2',
      'reload:consumer:k1',
      'reload:consumer:k2',
    ]);
    expect(path.count).toBe(5);
  });

  it('leads from a consumer back to what it uses, and not on to others who use that', () => {
    expect(on(pathOf(shape, nodeOf('consumer:k2')).nodes)).toEqual([
      'account:pay',
      'credential:c1',
      'consumer:k2',
      'reload:consumer:k2',
    ]);
  });

  it('of a link has its two ends and what follows', () => {
    const edge = shape.picture.edges.to.indexOf(nodeOf('consumer:k1'));
    const path = pathOfEdge(shape, edge);
    expect(on(path.nodes)).toEqual(['credential:c1', 'consumer:k1', 'reload:consumer:k1']);
    expect(path.edges[edge]).toBe(1);
  });

  it('ends where links lead in a circle', () => {
    const ring = shapeOf({
      ...shop(),
      edges: { ...shop().edges, from: [1, 3, 0, 0, 0, 0], to: [3, 1, 2, 2, 2, 2] },
    });
    expect(pathOf(ring, 1).nodes[3]).toBe(1);
  });

  it('tells which credentials a node stands for', () => {
    expect(credentialsOf(shape, nodeOf('account:pay'))).toEqual(
      ['credential:c1', 'credential:c2'].map(nodeOf),
    );
    expect(credentialsOf(shape, nodeOf('credential:c2'))).toEqual([nodeOf('credential:c2')]);
    expect(credentialsOf(shape, nodeOf('consumer:k1'))).toEqual([]);
  });
});

describe('the arrow keys', () => {
  const from = (name: string, to: Parameters<typeof step>[2]) => {
    const next = step(shape, nodeOf(name), to);
    return next === null ? null : key[next];
  };

  it('go up and down a column, and stop at its ends', () => {
    expect(from('consumer:k1', 'down')).toBe('consumer:k2');
    expect(from('consumer:k2', 'up')).toBe('consumer:k1');
    expect(from('consumer:k1', 'up')).toBeNull();
    expect(from('consumer:k3', 'down')).toBeNull();
  });

  it('go left and right along a link, to the nearest of several', () => {
    expect(from('account:pay', 'right')).toBe('credential:c1');
    expect(from('consumer:k2', 'left')).toBe('credential:c1');
    expect(from('account:pay', 'left')).toBeNull();
  });

  it('go to what lies beside where there is no link, and never onto a reload', () => {
    expect(from('consumer:k3', 'left')).toBe('credential:c2');
    expect(from('consumer:k1', 'right')).toBeNull();
  });
});
