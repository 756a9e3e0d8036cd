/** Where versions and dates lie on the strip that shows how long a value is valid, in per cent of its width. */
import type { CredentialView, Timestamp } from '$lib/bindings';
import { day } from '$lib/words/times';

const DAY = 24 * 60 * 60 * 1000;
/** A strip never covers less. */
const LEAST = 14 * DAY;
/** Words that are nearer than this would touch. */
const APART = 15;
const TICKS = 5;

export interface Bar {
  number: number;
  from: number;
  to: number;
  /** Versions take turns in two rows, so that an overlap shows. */
  row: 0 | 1;
  current: boolean;
}

export interface Mark {
  at: number;
  text: string;
}

export interface Strip {
  bars: Bar[];
  /** Time in which two values work. */
  overlaps: { from: number; to: number }[];
  ticks: Mark[];
  today: number;
  rotated: Mark | null;
  /** When it is due: ahead of today or past. */
  due: (Mark & { past: boolean }) | null;
  expires: Mark | null;
  /** The version that is to come, from then on. */
  next: { number: number; from: number; row: 0 | 1 } | null;
}

export function stripOf({ credential }: CredentialView, now: Timestamp): Strip | null {
  const current = credential.versions.find(({ stage }) => stage === 'current');
  if (!current) return null;
  const { row } = credential;
  const due = row.due ?? row.expires;
  const last = Math.max(now, due ?? now, current.created);
  const length = Math.max(last - current.created, LEAST);
  const from = current.created - length * 0.4;
  const to = last + length * 0.18;
  const at = (moment: Timestamp) =>
    Math.min(100, Math.max(0, ((moment - from) / (to - from)) * 100));
  const rowOf = (number: number) => (Math.abs(current.number - number) % 2 === 0 ? 1 : 0);

  const newer = (number: number) =>
    credential.versions.find((version) => version.number === number + 1)?.created ?? now;
  const spans = credential.versions
    .filter(({ stage }) => stage !== 'pending')
    .map((version) => ({
      version,
      end:
        version === current
          ? Math.max(now, due ?? now)
          : (version.retired ?? newer(version.number)),
    }))
    .filter(({ end }) => end > from);
  const overlaps = spans
    .filter(({ version, end }) => version !== current && end > newer(version.number))
    .map(({ version, end }) => ({ from: at(newer(version.number)), to: at(end) }));

  const today = at(now);
  const dueAt = due === null ? null : at(due);
  const past = due !== null && due <= now;
  const rotated = { at: at(current.created), text: `Since ${day(current.created, now)}` };
  const near = (one: number, other: number | null) =>
    other !== null && Math.abs(one - other) < APART;
  const expires =
    row.expires !== null && row.expires !== due && row.expires < to ? row.expires : null;
  const expiresAt = expires === null ? null : at(expires);

  return {
    bars: spans.map(({ version, end }) => ({
      number: version.number,
      from: at(version.created),
      to: at(end),
      row: rowOf(version.number),
      current: version === current,
    })),
    overlaps,
    ticks: Array.from({ length: TICKS }, (_, index) => {
      const moment = from + ((to - from) * (index + 0.2)) / TICKS;
      return { at: at(moment), text: day(moment, now) };
    }).filter((tick) => !near(tick.at + 3, today)),
    today,
    rotated: near(rotated.at, dueAt) ? null : rotated,
    due:
      due === null || dueAt === null
        ? null
        : { at: dueAt, past, text: `${past ? 'Limit' : dueWord(row)} ${day(due, now)}` },
    expires:
      expires === null || expiresAt === null || near(expiresAt, dueAt)
        ? null
        : { at: expiresAt, text: `Expires ${day(expires, now)}` },
    next:
      dueAt === null || past
        ? null
        : { number: current.number + 1, from: dueAt, row: rowOf(current.number + 1) },
  };
}

const dueWord = (row: CredentialView['credential']['row']): string =>
  row.due === row.expires ? 'Expires' : 'Due';
