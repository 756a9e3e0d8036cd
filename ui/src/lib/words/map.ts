/** What the links and the gaps of the map are called, as people read them. */
import type { Evidence, OrphanWhy, Reload, Timestamp } from '$lib/bindings';
import type { IconName } from '$lib/design';
import { spanText } from './rotation';
import { ago, count, day } from './times';

const DAY = 86_400_000;
/** Not seen for so long, a consumer may be there no more. */
const LONG_UNSEEN_DAYS = 30;

export const RELOAD_WORDS: Readonly<Record<Reload, string>> = {
  live: 'Live',
  restart: 'Restart',
  nextRun: 'Next run',
  manual: 'By hand',
};

export const RELOAD_ICONS: Readonly<Record<Reload, IconName>> = {
  live: 'activity',
  restart: 'power',
  nextRun: 'clock',
  manual: 'person',
};

/** Whether it was seen too long ago to rely on. */
export const longUnseen = (seen: Timestamp, now = Date.now()): boolean =>
  now - seen >= LONG_UNSEEN_DAYS * DAY;

/** `Not seen for 41 days` */
export const unseenText = (seen: Timestamp, now = Date.now()): string =>
  `Not seen for ${count(Math.floor((now - seen) / DAY), 'day')}`;

/** `~38 s`, `~4 min` */
export const aboutSeconds = (seconds: number): string =>
  `~${spanText(seconds < 120 ? seconds : Math.round(seconds / 60) * 60)}`;

/** How one or several consumers take a new value up. */
export function reloadOfMany(of: { reload: Reload; restarts: number; awayS: number }): string {
  if (of.reload !== 'restart') return RELOAD_WORDS[of.reload];
  const restarts = of.restarts > 1 ? count(of.restarts, 'restart') : 'Restart';
  return of.awayS > 0 ? `${restarts}, ${aboutSeconds(of.awayS)}` : restarts;
}

/** What a link rests on, and since when. */
export function evidenceText(
  of: { evidence: Evidence; seen: Timestamp | null; since: Timestamp | null },
  now = Date.now(),
): string {
  const since = of.since === null ? '' : ` ${day(of.since, now)}`;
  if (of.seen !== null) return `Seen to work ${ago(of.seen, now)}`;
  return of.evidence === 'said' ? `Written down${since}` : `Set up${since}, not seen yet`;
}

/** What is missing, and the way to mend it. */
export const ORPHANS: Readonly<Record<OrphanWhy, { text: string; fix: string }>> = {
  noConsumer: { text: 'Nobody is known to use it', fix: 'Bind a consumer' },
  noCredential: { text: 'It uses no credential', fix: 'Choose its credential' },
  noLiveCredential: { text: 'No live credential comes from it', fix: 'Open issuers' },
};
