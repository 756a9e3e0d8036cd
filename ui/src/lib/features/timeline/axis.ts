/** Which stretch of time is in sight, and where a moment lies in it. */
import type { Timestamp } from '$lib/bindings';
import { WEEKDAYS } from '$lib/words/policies';
import { time } from '$lib/words/times';

export const DAY = 86_400_000;

export type Level = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Pixels of a day. */
export const SCALES: Readonly<Record<Level, number>> = {
  day: 720,
  week: 112,
  month: 20,
  quarter: 8.5,
  year: 2.3,
};
/** From so many pixels of a day on it is that level; below all of them it is a year. */
const FROM: readonly (readonly [Level, number])[] = [
  ['day', 300],
  ['week', 45],
  ['month', 13],
  ['quarter', 5],
];
const CLOSEST = 1440;
/** Never more than this is in sight at once. */
const MOST_DAYS = 730;
/** Where today is when the screen opens: more is to come than was. */
const TODAY_AT = 0.37;

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export interface Axis {
  /** The moment at the left edge. */
  readonly from: Timestamp;
  /** Pixels of a day. */
  readonly scale: number;
  readonly width: number;
}

export interface Tick {
  x: number;
  text: string;
}

export const levelOf = (scale: number): Level =>
  FROM.find(([, least]) => scale >= least)?.[0] ?? 'year';

export const xOf = (axis: Axis, at: Timestamp): number => ((at - axis.from) / DAY) * axis.scale;

export const momentOf = (axis: Axis, x: number): Timestamp => axis.from + (x / axis.scale) * DAY;

export const endOf = (axis: Axis): Timestamp => momentOf(axis, axis.width);

/** When the day began. */
export const midnight = (at: Timestamp): Timestamp => new Date(at).setHours(0, 0, 0, 0);

/** With today where it is when the screen opens. */
export const around = (now: Timestamp, scale: number, width: number): Axis => ({
  from: now - ((width * TODAY_AT) / scale) * DAY,
  scale,
  width,
});

/** Moved by so many pixels: to the right shows what is later. */
export const panned = (axis: Axis, pixels: number): Axis => ({
  ...axis,
  from: momentOf(axis, pixels),
});

/** At another scale, with what lies at `x` staying there. */
export function zoomed(axis: Axis, scale: number, x: number): Axis {
  const next = Math.min(CLOSEST, Math.max(scale, axis.width / MOST_DAYS));
  return { ...axis, scale: next, from: momentOf(axis, x) - (x / next) * DAY };
}

/** What stands above: great steps with their names, small ones with their numbers. */
export function ticksOf(axis: Axis): { great: Tick[]; small: Tick[] } {
  const level = levelOf(axis.scale);
  if (level === 'day') {
    const hours = axis.scale / 8 < 56 ? 6 : 3;
    return { great: days(axis, 1, dayName), small: ticks(axis, hourly(hours), time) };
  }
  if (level === 'year') return { great: ticks(axis, yearly, yearName), small: months(axis, short) };
  const great = months(axis, monthName);
  if (level === 'week') {
    return { great, small: days(axis, 1, axis.scale < 64 ? dayNumber : shortDayName) };
  }
  return { great, small: days(axis, 7, dayNumber) };
}

type Step = (from: Date, by: number) => Date;
type Name = (at: Timestamp) => string;

const date = (at: Timestamp) => new Date(at);
const weekday = (at: Timestamp) => (date(at).getDay() + 6) % 7;
const dayNumber: Name = (at) => String(date(at).getDate());
const shortDayName: Name = (at) => `${WEEKDAYS[weekday(at)]} ${dayNumber(at)}`;
const dayName: Name = (at) => `${shortDayName(at)} ${monthName(at)}`;
const monthName: Name = (at) => {
  const name = MONTHS[date(at).getMonth()] ?? '';
  return date(at).getMonth() === 0 ? `${name} ${yearName(at)}` : name;
};
const short: Name = (at) => (MONTHS[date(at).getMonth()] ?? '').slice(0, 3);
const yearName: Name = (at) => String(date(at).getFullYear());

const months = (axis: Axis, name: Name) => ticks(axis, monthly, name);
const monthly: Step = (from, by) => new Date(from.getFullYear(), from.getMonth() + by, 1);
const yearly: Step = (from, by) => new Date(from.getFullYear() + by, 0, 1);
const hourly =
  (hours: number): Step =>
  (from, by) =>
    new Date(from.getFullYear(), from.getMonth(), from.getDate(), by * hours);

/** Every day, or every Monday. */
function days(axis: Axis, every: 1 | 7, name: Name): Tick[] {
  const step: Step = (from, by) => {
    const back = every === 7 ? weekday(from.getTime()) : 0;
    return new Date(from.getFullYear(), from.getMonth(), from.getDate() - back + by * every);
  };
  return ticks(axis, step, name);
}

/** Each step in sight, from the one that began before; in local time, as days have 23 to 25 hours. */
function ticks(axis: Axis, step: Step, name: Name): Tick[] {
  const found: Tick[] = [];
  const first = new Date(axis.from);
  for (let by = 0; ; by += 1) {
    const at = step(first, by).getTime();
    const x = xOf(axis, at);
    if (x > axis.width) return found;
    found.push({ x, text: name(at) });
  }
}
