/** A policy as it stands in the form. What is wrong with it is for the backend to say. */
import type { Framework, Policy, Rule, Window } from '$lib/bindings';
import { clock } from '$lib/words/policies';
import { machineZone } from './zones';

/** Beyond every limit, so that whatever is no number is refused like a number that is too large. */
const NO_NUMBER = 1_000_000;

export class Draft {
  name = $state('');
  when = $state<Rule['when']>('every');
  days = $state('90');
  daysAhead = $state('14');
  pattern = $state('30 2 1 * *');
  patternZone = $state(machineZone());
  graceHours = $state('24');
  warningDays = $state('7');
  hasWindow = $state(false);
  windowDays = $state.raw<number[]>([6]);
  opens = $state('02:00');
  minutes = $state('120');
  windowZone = $state(machineZone());
  frameworks = $state.raw<Framework[]>([]);

  fill(name: string, { rule, window, ...rest }: Policy): void {
    this.name = name;
    this.when = rule.when;
    if (rule.when === 'every') this.days = String(rule.days);
    if (rule.when === 'beforeExpiry') this.daysAhead = String(rule.days);
    if (rule.when === 'cron') [this.pattern, this.patternZone] = [rule.pattern, rule.zone];
    this.graceHours = String(rest.graceHours);
    this.warningDays = String(rest.warningDays);
    this.frameworks = [...rest.frameworks];
    this.hasWindow = window !== null;
    if (!window) return;
    this.windowDays = [...window.days];
    this.opens = clock(window.opens);
    this.minutes = String(window.minutes);
    this.windowZone = window.zone;
  }

  get policy(): Policy {
    return {
      rule: this.#rule,
      graceHours: whole(this.graceHours),
      warningDays: whole(this.warningDays),
      window: this.hasWindow ? this.#window : null,
      frameworks: [...this.frameworks],
    };
  }

  get #rule(): Rule {
    switch (this.when) {
      case 'every':
        return { when: 'every', days: whole(this.days) };
      case 'beforeExpiry':
        return { when: 'beforeExpiry', days: whole(this.daysAhead) };
      case 'cron':
        return { when: 'cron', pattern: this.pattern.trim(), zone: this.patternZone };
      case 'manual':
        return { when: 'manual' };
    }
  }

  get #window(): Window {
    return {
      days: [...this.windowDays].sort((one, other) => one - other),
      opens: minutesOf(this.opens),
      minutes: whole(this.minutes),
      zone: this.windowZone,
    };
  }
}

function whole(text: string): number {
  return /^\d{1,5}$/.test(text.trim()) ? Number(text) : NO_NUMBER;
}

/** 02:00, in minutes after midnight; far more where it is no time. */
export function minutesOf(text: string): number {
  const [, hour, minute] = /^(\d{1,2}):([0-5]\d)$/.exec(text.trim()) ?? [];
  return hour === undefined ? NO_NUMBER : Number(hour) * 60 + Number(minute);
}
