/** What stands in the centre of notices, line by line. */
import type { NoticeView, RunRow, Timestamp, UndeliveredView } from '$lib/bindings';
import type { IconName } from '$lib/design';
import {
  doneNote,
  noticeLook,
  noticeNote,
  noticeText,
  runNote,
  runNotice,
  unsentNote,
} from '$lib/words/notices';
import { STATUS, type Tone } from '$lib/words/status';
import type { NoticesState } from './notices.svelte';

export type Tab = 'now' | 'soon' | 'done';

/** What each tab is called, as its group is, and what is said when there is nothing in it. */
export const TABS: Readonly<Record<Tab, { name: string; nothing: string; text: string }>> = {
  now: {
    name: 'Act now',
    nothing: 'Nothing needs you',
    text: 'A notice comes 7 days and 1 day before a date, on the day, and each day from then on.',
  },
  soon: {
    name: 'Soon',
    nothing: 'Nothing is due soon',
    text: 'What is due within 7 days is told here.',
  },
  done: {
    name: 'Done',
    nothing: 'Nothing is done yet',
    text: 'What was told and is done, or has another date, is listed here.',
  },
};

export interface Line {
  key: string;
  look: { icon: IconName; tone: Tone };
  name: string;
  /** What stands after the name. */
  text: string;
  note: string;
  /** When it was told, or happened. */
  at: Timestamp;
  /** Nothing where nothing is to be done about it. */
  notice: NoticeView | null;
  run: RunRow | null;
  /** A message that could not be sent. */
  message: UndeliveredView | null;
  credential: string;
}

export interface Group {
  title: string;
  lines: readonly Line[];
  /** Where all of them are, when these are the first of them. */
  all: Tab | null;
}

/** So many of what is not urgent stand below what is. */
const FEW = 4;

/** What needs somebody is followed by what comes next, and by what was done today. */
export function groupsOf(tab: Tab, notices: NoticesState): Group[] {
  const { moment } = notices;
  // Runs are known also where notices cannot be read.
  const view = notices.view ?? { now: [], soon: [], done: [], undelivered: [] };
  const open = (one: NoticeView) => noticeLine(one, moment);
  const awake = (list: readonly NoticeView[]) =>
    list.filter((one) => !notices.isSnoozed(one)).map(open);
  const asleep = (list: readonly NoticeView[]) =>
    list.filter((one) => notices.isSnoozed(one)).map(open);
  const done = view.done.map((one) => doneLine(one, moment));
  const soon = awake(view.soon);
  const today = done.filter(({ at }) => isSameDay(at, moment));
  const groups: Record<Tab, Group[]> = {
    now: [
      group(TABS.now.name, [...awake(view.now), ...notices.stopped.map(runLine)].sort(byDate)),
      group('Not delivered', view.undelivered.map(messageLine)),
      group('Snoozed', asleep(view.now)),
      group(TABS.soon.name, soon.slice(0, FEW), soon.length > FEW ? 'soon' : null),
      group('Earlier today', today.slice(0, FEW), today.length > FEW ? 'done' : null),
    ],
    soon: [group(TABS.soon.name, soon), group('Snoozed', asleep(view.soon))],
    done: [group(TABS.done.name, done)],
  };
  return groups[tab].filter(({ lines }) => lines.length > 0);
}

const group = (title: string, lines: readonly Line[], all: Tab | null = null): Group => ({
  title,
  lines,
  all,
});

export const keyOf = ({ credential, deadline }: NoticeView): string => `${credential} ${deadline}`;

function noticeLine(notice: NoticeView, now: Timestamp): Line {
  const { credential, name, told } = notice;
  return {
    key: keyOf(notice),
    look: noticeLook(notice, now),
    name,
    text: noticeText(notice, now),
    note: noticeNote(notice, now),
    at: told,
    notice,
    run: null,
    message: null,
    credential,
  };
}

function doneLine(notice: NoticeView, now: Timestamp): Line {
  const { done, told } = notice;
  const text = done === null ? 'has another date' : noticeText(notice, now);
  const note = doneNote(notice, now);
  return {
    ...noticeLine(notice, now),
    look: STATUS.healthy,
    text,
    note,
    at: done ?? told,
    notice: null,
  };
}

function runLine(run: RunRow): Line {
  return {
    key: run.id,
    look: { icon: 'octagon-cross', tone: 'critical' },
    name: `Rotation of ${run.credentialName}`,
    text: runNotice(run),
    note: runNote(run),
    at: run.changed,
    notice: null,
    run,
    message: null,
    credential: run.credential,
  };
}

export const messageKey = ({ id }: UndeliveredView): string => `message ${id}`;

function messageLine(message: UndeliveredView): Line {
  return {
    key: messageKey(message),
    look: STATUS.failed,
    name: message.channel,
    text: `was not told: ${message.subject}`,
    note: unsentNote(message),
    at: message.at,
    notice: null,
    run: null,
    message,
    credential: '',
  };
}

/** Where a date is over or a run stopped, the oldest first; then what comes. */
const byDate = (one: Line, other: Line): number =>
  (one.notice?.at ?? one.at) - (other.notice?.at ?? other.at);

const isSameDay = (one: Timestamp, other: Timestamp): boolean =>
  new Date(one).toDateString() === new Date(other).toDateString();
