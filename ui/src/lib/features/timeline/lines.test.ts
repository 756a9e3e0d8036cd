import { describe, expect, it } from 'vitest';
import { HEAD, keyOf, lineAt, linesIn, linesOf, OPEN_ROW, ROW, STRIP } from './lines';
import { lane, planned, timelineView } from './testing/made';

const view = timelineView([
  [lane('apiKey'), [planned('a', 3), planned('b', 9)]],
  [lane('secret', { strip: true, count: 90 }), []],
  [lane('sshKey'), [planned('c', 4)]],
]);

describe('the lines', () => {
  it('are a head with its rows for each lane, and one strip where it is crowded', () => {
    const { all, height } = linesOf(view, null);
    expect(all.map(({ is, lane, top }) => [is, lane, top])).toEqual([
      ['lane', 0, 0],
      ['row', 0, HEAD],
      ['row', 0, HEAD + ROW],
      ['strip', 1, HEAD + 2 * ROW],
      ['lane', 2, HEAD + 2 * ROW + STRIP],
      ['row', 2, 2 * HEAD + 2 * ROW + STRIP],
    ]);
    expect(height).toBe(2 * HEAD + 3 * ROW + STRIP);
  });

  it('give room to the row that is meant', () => {
    const { all } = linesOf(view, 'row b');
    expect(all[2]?.height).toBe(OPEN_ROW);
    expect(all[3]?.top).toBe(HEAD + ROW + OPEN_ROW);
    expect(all.map((line) => keyOf(view, line))).toEqual([
      'lane apiKey',
      'row a',
      'row b',
      'lane secret',
      'lane sshKey',
      'row c',
    ]);
  });

  it('are found by their height', () => {
    const lines = linesOf(view, null);
    expect([0, HEAD - 1, HEAD, lines.height - 1].map((y) => lineAt(lines, y))).toEqual([
      0, 0, 1, 5,
    ]);
    expect(linesIn(lines, HEAD + 1, HEAD + ROW + 1)).toEqual(lines.all.slice(1, 3));
    expect(linesIn(lines, -50, 10 * ROW)).toEqual(lines.all);
  });
});
