/** Moments and amounts as people read them. */
import type { Timestamp } from '$lib/bindings';

/** A format is made when it is first used: the tables behind it weigh 3 MB, and the start needs none. */
function format(options: Intl.DateTimeFormatOptions): { format: (at: Date | number) => string } {
  let made: Intl.DateTimeFormat | undefined;
  return { format: (at) => (made ??= new Intl.DateTimeFormat('en-GB', options)).format(at) };
}
const TIME = format({ hour: '2-digit', minute: '2-digit' });
const DAY = format({ day: 'numeric', month: 'short' });
const DAY_OF_YEAR = format({ day: 'numeric', month: 'short', year: 'numeric' });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = 24 * HOUR;

/** 14:05 */
export const time = (at: Timestamp): string => TIME.format(at);

/** 12 Nov 2025, or without the year when it is this one. */
export function day(at: Timestamp, now = Date.now()): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? DAY : DAY_OF_YEAR).format(at);
}

/** Today 14:05, or the day with its time. */
export function moment(at: Timestamp, now = Date.now()): string {
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  return today ? `today, ${time(at)}` : `${day(at, now)}, ${time(at)}`;
}

/** 3 h ago. */
export function ago(at: Timestamp, now = Date.now()): string {
  const past = now - at;
  if (past < MINUTE) return 'just now';
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < DAYS) return `${Math.floor(past / HOUR)} h ago`;
  if (past < 30 * DAYS) return `${Math.floor(past / DAYS)} d ago`;
  return day(at, now);
}

/** 0:24 */
export function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** 1.4 MB */
export function size(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit > 0 && amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[unit]}`;
}

/** 3 entries, 1 entry */
export const count = (amount: number, one: string, many = `${one}s`): string =>
  `${amount.toLocaleString('en')} ${amount === 1 ? one : many}`;
