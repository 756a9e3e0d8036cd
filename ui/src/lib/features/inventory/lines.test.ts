import { describe, expect, it } from 'vitest';
import { Lines } from './lines';

describe('the lines of the table', () => {
  it('are the rows when nothing is grouped', () => {
    const lines = new Lines(100_000, []);
    expect(lines.count).toBe(100_000);
    expect(lines.row(99_999)).toBe(99_999);
    expect(lines.line(7)).toBe(7);
    expect(lines.heading(0)).toBeUndefined();
  });

  it('have a heading before each group, and find every row', () => {
    const groups = [
      { value: 'a', count: 2 },
      { value: 'b', count: 1 },
      { value: '', count: 3 },
    ];
    const lines = new Lines(6, groups);
    const drawn = Array.from(
      { length: lines.count },
      (_, line) => lines.heading(line)?.value ?? lines.row(line),
    );
    expect(drawn).toEqual(['a', 0, 1, 'b', 2, '', 3, 4, 5]);
    for (let row = 0; row < 6; row += 1) expect(lines.row(lines.line(row))).toBe(row);
    expect([0, 3, 5].map((line) => lines.rowFrom(line))).toEqual([0, 2, 3]);
  });
});
