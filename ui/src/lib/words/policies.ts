/** Policies as people read them: when, for how long, in which hours, and for whom. */
import type { Framework, Policy, PolicyFault, Timestamp, Window } from '$lib/bindings';
import { count, moment } from './times';

/** In the order in which they are listed. */
export const FRAMEWORK_NAMES: Readonly<Record<Framework, string>> = {
  pciDss: 'PCI DSS',
  soc2: 'SOC 2',
  hipaa: 'HIPAA',
  nist80053: 'NIST 800-53',
  gdpr: 'GDPR',
};

/** From Monday on. */
export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** What is wrong, and how to mend it. */
export const POLICY_FAULTS: Readonly<Record<PolicyFault, string>> = {
  days: 'Type a whole number from 1 to 365.',
  pattern:
    'Type five parts: minute, hour, day of month, month, day of week. The minute is one number.',
  zone: 'Choose another time zone; Keyturn does not know this one.',
  grace: 'Type whole hours, at most 2160 (90 days).',
  warning: 'Type a whole number from 1 to 90.',
  window: 'Choose at least one day, and type a time as in 02:00.',
};

/** Every 30 days */
export function ruleText({ rule }: Policy): string {
  switch (rule.when) {
    case 'every': {
      const interval = rule.days === 1 ? 'Every day' : `Every ${rule.days} days`;
      return rule.ahead ? `${interval}, or ${beforeExpiry(rule.ahead)}` : interval;
    }
    case 'beforeExpiry':
      return beforeExpiry(rule.days);
    case 'cron':
      return `By the calendar: ${rule.pattern}, ${rule.zone}`;
    case 'manual':
      return 'By hand';
  }
}

const beforeExpiry = (days: number): string => `${count(days, 'day')} before it expires`;

/** 24 h, 7 days, or none. */
export function graceText(hours: number): string {
  if (hours === 0) return 'None';
  return hours > 48 && hours % 24 === 0 ? `${hours / 24} days` : `${hours} h`;
}

/** At once, or 4 h. */
export const deadlineText = (hours: number): string => (hours === 0 ? 'at once' : `${hours} h`);

/** Mon–Fri 22:00–02:00, Europe/Berlin */
export function windowText({ days, opens, minutes, zone }: Window): string {
  const hours =
    minutes === 24 * 60 ? `from ${clock(opens)} on` : `${clock(opens)}–${clock(opens + minutes)}`;
  return `${daysText(days)} ${hours}, ${zone}`;
}

/** Sat 28 Nov, 02:00: what falls into a window is known by its day of the week. */
export function dateText(at: Timestamp, now = Date.now()): string {
  const weekday = WEEKDAYS[(new Date(at).getDay() + 6) % 7];
  const text = moment(at, now);
  return text.startsWith('today') ? text : `${weekday} ${text}`;
}

/** 02:00 */
export function clock(minutes: number): string {
  const [hour, rest] = [Math.floor(minutes / 60) % 24, minutes % 60];
  return [hour, rest].map((part) => String(part).padStart(2, '0')).join(':');
}

function daysText(days: readonly number[]): string {
  const sorted = [...new Set(days)].sort((one, other) => one - other);
  const names = sorted.map((day) => WEEKDAYS[day - 1]);
  if (sorted.length === 7) return 'Every day';
  const inARow = sorted.length > 2 && sorted.every((day, at) => day === (sorted[0] ?? 0) + at);
  return inARow ? `${names[0]}–${names.at(-1)}` : names.join(', ');
}
