/** Emergencies as people read them: what happened, what is done first, and what became of each old value. */
import type {
  Trace,
  IncidentItem,
  IncidentView,
  Kind,
  Limit,
  Order,
  Outcome,
  Timestamp,
  Cause,
} from '$lib/bindings';
import type { IconName } from '$lib/design';
import { KINDS_IN_TEXT } from './kinds';
import type { Tone } from './status';
import { ago, count } from './times';

/** The ways in, in the order of the screen. */
export const WAYS_IN: Readonly<Record<Cause, { name: string; text: string; icon: IconName }>> = {
  leaked: {
    name: 'Leaked',
    text: 'Values lie in a repository, a log or a chat. Paste the text, or choose a file, a folder or a report of gitleaks or trufflehog.',
    icon: 'eye',
  },
  left: {
    name: 'Someone left',
    text: 'What they saw, copied or answer for is found in the audit log.',
    icon: 'members',
  },
  machineLost: {
    name: 'Machine lost',
    text: 'What whoever used it saw or copied counts as known to others.',
    icon: 'monitor',
  },
  issuerBreached: {
    name: 'Issuer breached',
    text: 'Everything that one issuer account makes is replaced.',
    icon: 'cloud',
  },
  chosen: {
    name: 'Choose by a question',
    text: 'A tag, an environment, an owner: whatever the inventory finds.',
    icon: 'filter',
  },
};

type Urgent = Exclude<Order, 'usual'>;

/** What is done first, with its consequences. */
export const ORDERS: Readonly<Record<Urgent, { name: string; text: (view: IncidentView) => string }>> =
  {
    revokeFirst: {
      name: 'Revoke first',
      text: ({ consumers, downS }) =>
        consumers.length === 0
          ? 'Stops misuse now. No consumer is known that would notice.'
          : `Stops misuse now. ${count(consumers.length, 'service fails', 'services fail')} until delivery, about ${downS} s.`,
    },
    rotateFirst: {
      name: 'Rotate first',
      text: () => 'No outage. Old values stay usable until each is replaced.',
    },
    revokeOnly: {
      name: 'Revoke only',
      text: ({ consumers }) =>
        `Stops misuse now, and nothing takes its place${consumers.length === 0 ? '.' : `: ${count(consumers.length, 'service stays', 'services stay')} without.`}`,
    },
  };

/** Why it was found. */
export function traceText(trace: Trace, now: Timestamp): string {
  switch (trace.is) {
    case 'found':
      return `${trace.works ? 'found' : 'an old version found'} in ${trace.place}`;
    case 'revealed':
      return `seen ${ago(trace.at, now)}`;
    case 'copied':
      return `copied ${ago(trace.at, now)}`;
    case 'owned':
      return 'theirs';
    case 'couldRead':
      return 'no access seen';
    case 'issued':
      return `made by ${trace.account}`;
    case 'used':
      return `last used ${ago(trace.at, now)}`;
  }
}

/** What became of an old value. */
export function outcomeWords(item: IncidentItem): { name: string; tone: Tone; icon: IconName } {
  if (item.said !== null)
    return { name: `Refused, as ${item.said.by} said`, tone: 'ok', icon: 'person' };
  return OUTCOMES[item.outcome];
}

const OUTCOMES: Readonly<Record<Outcome, { name: string; tone: Tone; icon: IconName }>> = {
  revokedVerified: { name: 'Old value refused', tone: 'ok', icon: 'check' },
  unknown: { name: 'Revoked, not proven yet', tone: 'soon', icon: 'clock' },
  failed: { name: 'Still accepted', tone: 'critical', icon: 'octagon-cross' },
  open: { name: 'Not revoked yet', tone: 'neutral', icon: 'ring-dashed' },
};

/** "API keys, tokens": whom a limit is for. */
export const limitKinds = (kinds: readonly Kind[]): string =>
  kinds.map((kind) => KINDS_IN_TEXT[kind]).join(', ');

/** "at once", "3:58:12 left", "4 h are over" */
export function limitText({ hours, until, open }: Limit, now: Timestamp): string {
  if (open === 0) return 'all refused';
  if (hours === 0) return 'at once';
  const left = Math.floor((until - now) / 1000);
  if (left <= 0) return `${hours} h are over`;
  const two = (number: number) => String(number).padStart(2, '0');
  return `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)} left`;
}
