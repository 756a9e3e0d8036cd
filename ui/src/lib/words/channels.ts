/** Channels as people read them: how they reach a team, and what they tell. */
import type {
  ChannelEvent,
  ChannelRules,
  ChannelSetup,
  ChannelView,
  MailTls,
  Severity,
} from '$lib/bindings';
import type { IconName } from '$lib/design';
import { KINDS_IN_TEXT } from './kinds';
import { count } from './times';

export const WAYS: Readonly<
  Record<ChannelSetup['by'], { name: string; icon: IconName; text: string }>
> = {
  chat: {
    name: 'Chat',
    icon: 'chat',
    text: 'An incoming webhook of Slack or Mattermost, or of Discord with /slack at its end.',
  },
  mail: { name: 'Mail', icon: 'mail', text: 'A mail server of yours, by SMTP.' },
};

/** How the way to a mail server is kept secret, and the port that is usual for it. */
export const MAIL_TLS: Readonly<Record<MailTls, { label: string; port: number }>> = {
  startTls: { label: 'STARTTLS', port: 587 },
  fromStart: { label: 'From the start', port: 465 },
  off: { label: 'None: only for a server on this computer', port: 25 },
};

/** What a team can be told, in the order of the form. */
export const EVENTS: Readonly<Record<ChannelEvent, { name: string; label: string; text: string }>> =
  {
    failure: {
      name: 'failures',
      label: 'A rotation failed',
      text: 'Urgent. The old value is in force again.',
    },
    needsAttention: {
      name: 'what needs attention',
      label: 'A rotation needs somebody',
      text: 'It waits until a person has looked.',
    },
    reminder: {
      name: 'reminders',
      label: 'A date comes near',
      text: 'An expiry or a planned rotation.',
    },
    restart: {
      name: 'restarts',
      label: 'A restart is 48 hours away',
      text: 'A planned rotation will restart a consumer.',
    },
    success: { name: 'successes', label: 'A rotation went well', text: 'Each of them.' },
  };

/** From which reminders on. */
export const FROM: Readonly<Record<Severity, string>> = {
  warning: 'From 7 days ahead',
  critical: 'From one day ahead',
};

/** "Failures, reminders; of API keys in prod" */
export function tellsText({ events, kinds, environments, owners }: ChannelRules): string {
  const all = (Object.keys(EVENTS) as ChannelEvent[]).filter((one) => events.includes(one));
  if (all.length === 0) return 'Nothing';
  const what = all.length === 5 ? 'everything' : all.map((one) => EVENTS[one].name).join(', ');
  const whom = [
    kinds.length === 0 ? '' : `of ${kinds.map((kind) => KINDS_IN_TEXT[kind]).join(', ')}`,
    environments.length === 0 ? '' : `in ${environments.join(', ')}`,
    owners.length === 0 ? '' : `of ${owners.join(', ')}`,
  ].filter(Boolean);
  const text = [what, ...(whom.length === 0 ? [] : [whom.join(' ')])].join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Where it tells. The address of a webhook is a secret as a whole. */
export function placeText({ channel: { setup } }: ChannelView): string {
  if (setup.by === 'chat') return WAYS.chat.name;
  const [first = '', ...more] = setup.to;
  return more.length === 0
    ? `Mail to ${first}`
    : `Mail to ${first} and ${count(more.length, 'other')}`;
}

/** "3 wait to be sent" */
export const waitingText = (waiting: number): string =>
  `${waiting} ${waiting === 1 ? 'waits' : 'wait'} to be sent`;
