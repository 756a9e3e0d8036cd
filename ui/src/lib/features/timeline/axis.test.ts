import { describe, expect, it } from 'vitest';
import {
  around,
  DAY,
  endOf,
  levelOf,
  momentOf,
  panned,
  SCALES,
  ticksOf,
  xOf,
  zoomed,
} from './axis';
import { NOW } from './testing/made';

const month = around(NOW, SCALES.month, 840);
const texts = (ticks: readonly { text: string }[]) => ticks.map(({ text }) => text);

describe('an axis', () => {
  it('has today in sight, with more to come than was', () => {
    const x = xOf(month, NOW);
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(420);
    expect(momentOf(month, x)).toBeCloseTo(NOW);
  });

  it('keeps what lies below the pointer when it is zoomed, and goes no farther than two years', () => {
    const near = zoomed(month, 100, 300);
    expect(momentOf(near, 300)).toBeCloseTo(momentOf(month, 300));
    const far = zoomed(month, 0.001, 300);
    expect(endOf(far) - far.from).toBeCloseTo(730 * DAY);
    expect(zoomed(month, 1e9, 0).scale).toBeLessThan(2000);
  });

  it('shows what is later when it is moved to the right', () => {
    expect(panned(month, 40).from - month.from).toBeCloseTo(2 * DAY);
  });

  it.each(Object.entries(SCALES))('is a %s at its own scale', (level, scale) => {
    expect(levelOf(scale)).toBe(level);
  });
});

describe('the ticks', () => {
  const from = new Date(2026, 10, 3).getTime();

  it('of a month are its Mondays, from the one before', () => {
    const { great, small } = ticksOf({ from, scale: 20, width: 840 });
    expect(texts(great)).toEqual(['November', 'December']);
    expect(texts(small)).toEqual(['2', '9', '16', '23', '30', '7', '14']);
    expect(small[0]?.x).toBe(-20);
    expect(small[1]?.x).toBeCloseTo(120);
  });

  it('of a week are its days, of a day its hours, and of a year its months', () => {
    expect(texts(ticksOf({ from, scale: 112, width: 200 }).small)).toEqual(['Tue 3', 'Wed 4']);
    const day = ticksOf({ from, scale: 720, width: 300 });
    expect(texts(day.great)).toEqual(['Tue 3 November']);
    expect(texts(day.small)).toEqual(['00:00', '03:00', '06:00', '09:00']);
    const year = ticksOf({ from, scale: 2.3, width: 200 });
    expect(texts(year.great)).toEqual(['2026', '2027']);
    expect(texts(year.small)).toEqual(['Nov', 'Dec', 'Jan']);
  });
});
