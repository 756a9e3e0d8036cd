/** The policy of a credential, as lines to read. */
import type { CredentialView } from '$lib/bindings';
import { dueText } from '$lib/words/status';
import {
  deadlineText,
  FRAMEWORK_NAMES,
  graceText,
  ruleText,
  windowText,
} from '$lib/words/policies';
import { count, day } from '$lib/words/times';
import { usualText } from './choices.svelte';
import type { FactLine } from './facts';

/** Which policy it follows: its name, or that it is the usual one. */
export function policyTitle({ credential, policy, policyName }: CredentialView): string {
  if (!policy) return 'None';
  const { kind, risk } = credential.row;
  return policyName || usualText(kind, risk, null);
}

/** For the overview: the rule, the next date, the grace period, the issuer. */
export function policySummary(view: CredentialView, now = Date.now()): FactLine[] {
  const { credential, policy } = view;
  const { row, rotates } = credential;
  return [
    { name: 'Rule', text: policy ? ruleText(policy) : 'None' },
    { name: 'Next', text: nextText(rotates, row.paused, now) },
    ...(policy ? [{ name: 'Grace', text: graceText(policy.graceHours) }] : []),
    ...(row.expires === null ? [] : [{ name: 'Expires', text: day(row.expires, now) }]),
    ...(row.issuer ? [{ name: 'Issuer', text: row.issuer }] : []),
  ];
}

function nextText(rotates: number | null, paused: boolean, now: number): string {
  if (paused) return 'Paused';
  if (rotates === null) return 'No date';
  return rotates <= now ? `Overdue since ${day(rotates, now)}` : dueText(rotates, now);
}

/** All of it. */
export function policyWhole(view: CredentialView, now = Date.now()): FactLine[] {
  const { policy, next, emergencyHours } = view;
  const lost = { name: 'If it is lost', text: `Replace it ${within(emergencyHours)}` };
  if (!policy) return [{ name: 'Policy', text: 'None: nothing reminds of it' }, lost];
  return [
    { name: 'Policy', text: policyTitle(view) },
    { name: 'Rule', text: ruleText(policy) },
    {
      name: 'Next dates',
      text: next.map((at) => day(at, now)).join(' · ') || 'No date',
    },
    { name: 'Grace', text: graceText(policy.graceHours) },
    { name: 'Warning', text: `${count(policy.warningDays, 'day')} ahead` },
    { name: 'Window', text: policy.window ? windowText(policy.window) : 'At any time' },
    ...(policy.frameworks.length > 0
      ? [
          {
            name: 'Asked for by',
            text: policy.frameworks.map((name) => FRAMEWORK_NAMES[name]).join(', '),
          },
        ]
      : []),
    lost,
  ];
}

const within = (hours: number): string =>
  hours === 0 ? deadlineText(hours) : `within ${deadlineText(hours)}`;
