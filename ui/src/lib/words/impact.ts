/** What an action reaches, in words. */
import type { BlastHit, BlastRadius, Threat } from '$lib/bindings';
import { spanText } from './rotation';
import { count } from './times';

/** What is about to be done. */
export type Act = 'rotate' | 'revoke' | 'endPrevious' | 'pause' | 'delete';

/** What it means for the value in force. */
export const THREATS: Readonly<Record<Act, Threat>> = {
  rotate: 'rotate',
  revoke: 'end',
  endPrevious: 'leave',
  pause: 'leave',
  delete: 'leave',
};

/** Credentials by the keys of their nodes in the map. */
export const credentialKeys = (ids: readonly string[]): string[] =>
  ids.map((id) => `credential:${id}`);

/** "3 consumers · 2 restarts · ~90 s down · tell payments, mobile" */
export function radiusText(radius: BlastRadius): string {
  const { consumers, restarts, stops, downS, tell, unread } = radius;
  const names = new Set([...consumers.map(({ name }) => name), ...unread]);
  return [
    count(names.size, 'consumer'),
    stops > 0 ? `${stops.toLocaleString('en')} ${stops === 1 ? 'stops' : 'stop'}` : '',
    restarts > 0 ? count(restarts, 'restart') : '',
    downS > 0 ? `~${spanText(downS)} down` : '',
    tell.length > 0 ? `tell ${tell.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What it means for one of them. */
export function hitText({ stops, reload, restarts, awayS }: BlastHit, act: Act): string {
  if (stops) return 'Stops';
  if (act === 'endPrevious') return 'Has the new value';
  if (act !== 'rotate') return 'Keeps its value';
  if (restarts > 0) return awayS > 0 ? `Restarts, ~${spanText(awayS)} down` : 'Restarts';
  return { live: 'Takes it up live', nextRun: 'With its next run', manual: 'By hand', restart: '' }[
    reload
  ];
}

/** What becomes of whoever uses it. */
export const NOTES: Readonly<Record<Act, string>> = {
  rotate: '',
  revoke: 'Whoever uses the value is refused from then on.',
  endPrevious: 'Whoever still uses the old value is refused from then on.',
  pause: 'Nothing stops: each keeps the value it has, and gets no new one by itself.',
  delete: 'What lies there stays and keeps working, but Keyturn can’t replace it there any more.',
};
