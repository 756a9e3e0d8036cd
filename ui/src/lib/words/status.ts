/** What each status is called and looks like, and when something is due, as people read it. */
import type { Risk, Status, Timestamp } from '$lib/bindings';
import type { IconName } from '$lib/design';
import { count, day, time } from './times';

export type Tone = 'ok' | 'info' | 'soon' | 'critical' | 'neutral';

export const STATUS: Readonly<Record<Status, { name: string; icon: IconName; tone: Tone }>> = {
  compromised: { name: 'Compromised', icon: 'emergency', tone: 'critical' },
  expired: { name: 'Expired', icon: 'ring-slash', tone: 'critical' },
  failed: { name: 'Failed', icon: 'ring-cross', tone: 'critical' },
  overdue: { name: 'Overdue', icon: 'warning', tone: 'critical' },
  dueNow: { name: 'Due now', icon: 'hourglass', tone: 'soon' },
  rotating: { name: 'Rotating', icon: 'refresh', tone: 'info' },
  inGrace: { name: 'Two keys valid', icon: 'rings', tone: 'info' },
  paused: { name: 'Paused', icon: 'pause', tone: 'neutral' },
  dueSoon: { name: 'Due soon', icon: 'clock', tone: 'soon' },
  noPolicy: { name: 'No policy', icon: 'ring-dashed', tone: 'neutral' },
  healthy: { name: 'Healthy', icon: 'check', tone: 'ok' },
  archived: { name: 'Archived', icon: 'archive', tone: 'neutral' },
};

export const RISKS: Readonly<Record<Risk, { name: string; short: string; icon: IconName }>> = {
  standard: { name: 'Standard risk', short: 'Std', icon: 'dash' },
  high: { name: 'High risk', short: 'High', icon: 'chevrons-up' },
};

const DAY = 86_400_000;
/** So many days ahead are counted; what comes later has a date. */
const MOST_COUNTED = 99;

/** "Overdue 4 d", or the name of the status. */
export function statusText(status: Status, due: Timestamp | null, now = Date.now()): string {
  const { name } = STATUS[status];
  const past = due === null || !['expired', 'overdue'].includes(status) ? 0 : (now - due) / DAY;
  return past >= 1 ? `${name} ${Math.floor(past)} d` : name;
}

/** "12 Nov", "Today 18:00", "5 days", "No date". */
export function dueText(due: Timestamp | null, now = Date.now()): string {
  if (due === null) return 'No date';
  const days = nights(now, due);
  if (days === 0) return `Today ${time(due)}`;
  if (days < 0 || days > MOST_COUNTED) return day(due, now);
  return days === 1 ? 'Tomorrow' : `${days} days`;
}

/** "3 consumers, 2 are restarted for a new value". */
export function usesText(uses: number, restarts: number): string {
  if (uses === 0) return 'No consumer is known';
  const restarted = `${restarts} ${restarts === 1 ? 'is' : 'are'} restarted for a new value`;
  return restarts > 0 ? `${count(uses, 'consumer')}, ${restarted}` : count(uses, 'consumer');
}

/** How many midnights lie between; a day with a change of the clock has one as well. */
export function nights(from: Timestamp, to: Timestamp): number {
  return Math.round((midnight(to) - midnight(from)) / DAY);
}

function midnight(at: Timestamp): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
