/** Notices as people read them: how late or how soon something is, what failed, and what is muted. */
import type {
  Deadline,
  Mute,
  NoticeView,
  RunRow,
  Severity,
  Timestamp,
  UndeliveredView,
  Window,
} from '$lib/bindings';
import type { IconName } from '$lib/design';
import { KINDS_IN_TEXT } from './kinds';
import { clock, dateText } from './policies';
import { happenedText } from './rotation';
import { whyWords } from './setups';
import { nights, STATUS, type Tone } from './status';
import { count, moment, time } from './times';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** 4 need you */
export const needText = (amount: number): string =>
  `${amount.toLocaleString('en')} ${amount === 1 ? 'needs' : 'need'} you`;

/** What stands after the name: "is overdue by 4 days", "expires tomorrow at 09:00". */
export function noticeText({ deadline, at }: Dated, now: Timestamp): string {
  const expires = deadline === 'expiry';
  if (at > now) return `${expires ? 'expires' : 'is due'} ${soonText(at, now)}`;
  return expires ? `expired ${pastText(now - at)} ago` : `is overdue by ${pastText(now - at)}`;
}

/** The rest of it: "payments, high risk. Planned rotation Sat 14 Nov, 02:00". */
export function noticeNote({ owner, risk, snoozed, ...dated }: NoticeView, now: Timestamp): string {
  const who = `${owner || 'No owner'}${risk === 'high' ? ', high risk' : ''}`;
  const rest = snoozed !== null && snoozed > now ? `. Snoozed until ${moment(snoozed, now)}` : '';
  return `${who}. ${dateName(dated, now)}${rest}`;
}

/** What is done is done by somebody's word, or as another date holds by now. */
export function doneNote({ owner, done, ...dated }: NoticeView, now: Timestamp): string {
  const who = owner || 'No owner';
  if (done === null) return `${who}. Before: ${dateName(dated, now)}`;
  return `${who}. ${dateName(dated, now)}. Said to be done`;
}

export function noticeLook(
  { deadline, at, severity, snoozed }: NoticeView,
  now: Timestamp,
): { icon: IconName; tone: Tone } {
  if (snoozed !== null && snoozed > now) return STATUS.paused;
  if (at <= now) return STATUS[deadline === 'expiry' ? 'expired' : 'overdue'];
  return STATUS[severity === 'critical' ? 'dueNow' : 'dueSoon'];
}

/** What stands after the name of a run that needs somebody. */
export function runNotice({ status, trouble }: RunRow): string {
  if (status !== 'undone') return 'stopped and needs attention';
  return trouble?.what === 'oldRefused' ? 'failed' : 'failed, the old key was restored';
}

export const runNote = ({ trouble }: RunRow): string =>
  trouble ? happenedText(trouble, () => 'A consumer') : 'Open it to see what is to be done.';

/** Why a message did not get there, and what to do about it. */
export function unsentNote({ why }: UndeliveredView): string {
  const { happened, next } = whyWords(why ?? 'unknown');
  return `It was not sent. ${happened} ${next}`;
}

/** "Quiet until 07:00", or when they are: "Quiet 20:00 to 07:00". */
export function quietText(until: Timestamp | null, quiet: Window | null): string {
  if (until !== null) return `Quiet until ${time(until)}`;
  return quiet ? `Quiet ${clock(quiet.opens)} to ${clock(quiet.opens + quiet.minutes)}` : '';
}

/** For how long nothing is told of a date. */
export function snoozes(now: Timestamp): { label: string; until: Timestamp }[] {
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  return [
    { label: '1 hour', until: now + HOUR },
    { label: 'Until tomorrow 09:00', until: morning.setHours(9, 0, 0, 0) },
    { label: '3 days', until: now + 3 * DAY },
    { label: 'A week', until: now + 7 * DAY },
  ];
}

/** What a rule takes away. */
export const SEVERITIES: Readonly<Record<Severity, { name: string; text: string }>> = {
  warning: {
    name: 'Early reminders',
    text: 'Those of 7 days ahead. From one day ahead they are told.',
  },
  critical: {
    name: 'All reminders',
    text: 'Also one day ahead, on the day, and each day from then on.',
  },
};

/** Whom a rule is about: "API keys in prod of payments". `name` is that of its credential. */
export function muteText({ credential, kind, environment, owner }: Mute, name: string): string {
  const what = kind === null ? 'all credentials' : KINDS_IN_TEXT[kind];
  const words = [
    credential === null ? what : name,
    environment === null ? '' : `in ${environment}`,
    owner === null ? '' : `of ${owner}`,
  ];
  return words.filter(Boolean).join(' ');
}

type Dated = Pick<NoticeView, 'deadline' | 'at'>;

const DATES: Readonly<Record<Deadline, { ahead: string; past: string }>> = {
  expiry: { ahead: 'Expires', past: 'Expired' },
  rotation: { ahead: 'Planned rotation', past: 'Planned rotation' },
};

function dateName({ deadline, at }: Dated, now: Timestamp): string {
  return `${DATES[deadline][at > now ? 'ahead' : 'past']} ${dateText(at, now)}`;
}

function soonText(at: Timestamp, now: Timestamp): string {
  const days = nights(now, at);
  if (days > 1) return `in ${days} days`;
  return `${days === 1 ? 'tomorrow' : 'today'} at ${time(at)}`;
}

function pastText(past: number): string {
  if (past < HOUR) return 'less than an hour';
  return past < DAY ? count(Math.floor(past / HOUR), 'hour') : count(Math.floor(past / DAY), 'day');
}
