import { describe, expect, it } from 'vitest';
import { SCALES } from './axis';
import { isBeyond, snapped, stepped } from './moving';
import { inDays, lane, NOW, planned, timelineView } from './testing/made';

const HOUR = 3_600_000;
const free = timelineView([[lane('apiKey'), [planned('a', 5)]]]);
const opens = [-7, 0.5, 3, 6, 30].map((days): [number, number] => [
  inDays(days),
  inDays(days) + HOUR,
]);
const bound = timelineView([[lane('apiKey'), [planned('a', 3, { window: 0, limit: inDays(8) })]]], {
  windows: [opens],
});

describe('a plan that is dragged', () => {
  it('snaps to the window that opens next to it', () => {
    expect(snapped(bound, 0, inDays(4), SCALES.month)).toBe(inDays(3));
    expect(snapped(bound, 0, inDays(5), SCALES.month)).toBe(inDays(6));
  });

  it('snaps to its hour on another day, or to what can be told apart', () => {
    expect(snapped(free, 0, inDays(3.2), SCALES.month)).toBe(inDays(3));
    const at = inDays(3) + 4 * 60_000;
    expect(new Date(snapped(free, 0, at, SCALES.week)).getMinutes()).toBe(0);
    expect(new Date(snapped(free, 0, at, SCALES.day)).getMinutes()).toBe(0);
  });

  it('stays where it is held beyond what may be', () => {
    expect(isBeyond(free, 0, inDays(7.5))).toBe(true);
    expect(isBeyond(free, 0, NOW)).toBe(true);
    expect(isBeyond(free, 0, inDays(6))).toBe(false);
    expect(snapped(bound, 0, inDays(9), SCALES.month)).toBe(inDays(9));
  });
});

describe('a plan that is moved by keys', () => {
  it('goes by days, at the same hour', () => {
    expect(stepped(free, 0, inDays(5), 1)).toBe(inDays(6));
    expect(stepped(free, 0, inDays(5), -1)).toBe(inDays(4));
  });

  it('goes from window to window', () => {
    expect(stepped(bound, 0, inDays(3), 1)).toBe(inDays(6));
    expect(stepped(bound, 0, inDays(3), -1)).toBe(inDays(0.5));
  });
});
