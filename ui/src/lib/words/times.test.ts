import { describe, expect, it } from 'vitest';
import { ago, count, countdown, moment, size } from './times';

const NOW = new Date(2026, 10, 21, 14, 30).getTime();
const MINUTE = 60_000;

describe('moments', () => {
  it('name the day only when it is another, and the year only when it is', () => {
    expect(moment(NOW - 25 * MINUTE, NOW)).toBe('today, 14:05');
    expect(moment(new Date(2026, 10, 12, 9, 7).getTime(), NOW)).toBe('12 Nov, 09:07');
    expect(moment(new Date(2025, 10, 12, 9, 7).getTime(), NOW)).toBe('12 Nov 2025, 09:07');
  });

  it('tell how long ago something was', () => {
    expect(ago(NOW - 5_000, NOW)).toBe('just now');
    expect(ago(NOW - 59 * MINUTE, NOW)).toBe('59 min ago');
    expect(ago(NOW - 26 * 60 * MINUTE, NOW)).toBe('1 d ago');
    expect(ago(NOW - 90 * 24 * 60 * MINUTE, NOW)).toBe('23 Aug');
  });
});

describe('amounts', () => {
  it('are short and exact enough', () => {
    expect([0, 999, 1_440, 48_100, 2_300_000].map(size)).toEqual([
      '0 B',
      '999 B',
      '1.4 KB',
      '48 KB',
      '2.3 MB',
    ]);
    expect(countdown(84)).toBe('1:24');
    expect([count(1, 'entry', 'entries'), count(12_804, 'entry', 'entries')]).toEqual([
      '1 entry',
      '12,804 entries',
    ]);
  });
});
