import { describe, expect, it } from 'vitest';
import { linesOf, reloadOf } from './rows';
import { shapeOf } from './shape';
import { shop } from './testing/made';

const shape = shapeOf(shop());
const { name, key } = shape.picture.nodes;
const told = (isOpen: (key: string) => boolean) =>
  linesOf(shape, isOpen).map((line) => `${'  '.repeat(line.level - 1)}${name[line.node]}`);

describe('the lines of the list', () => {
  it('are issuers with their credentials and those who use them; what nothing leads to comes last', () => {
    expect(told(() => true)).toEqual([
      'payment.example',
      '  payment-gateway',
      '    web-app',
      '    batch',
      '  legacy-crm',
      'lonely',
    ]);
  });

  it('hold every node and every link of the picture; a reload is on the line of its consumer', () => {
    const lines = linesOf(shape, () => true);
    const nodes = lines.flatMap(({ node }) => [node, reloadOf(shape, node) ?? node]);
    expect(new Set(nodes).size).toBe(key.length);
    const reloads = lines.filter(({ node }) => reloadOf(shape, node) !== null).length;
    const links = new Set(lines.map(({ edge }) => edge).filter((edge) => edge !== null));
    expect(links.size + reloads).toBe(shape.from.length);
  });

  it('are hidden below what is closed, and say which they are of how many', () => {
    const lines = linesOf(shape, (line) => line.endsWith('account:pay'));
    expect(lines.map(({ level, parent, place, of }) => [level, parent, place, of])).toEqual([
      [1, true, 1, 2],
      [2, true, 1, 2],
      [2, false, 2, 2],
      [1, false, 2, 2],
    ]);
  });
});
