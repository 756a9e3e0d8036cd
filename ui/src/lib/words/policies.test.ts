import { describe, expect, it } from 'vitest';
import type { Policy, Rule } from '$lib/bindings';
import { deadlineText, graceText, ruleText, windowText } from './policies';

const by = (rule: Rule): Policy => ({
  rule,
  graceHours: 24,
  warningDays: 7,
  window: null,
  frameworks: [],
});
const ZONE = 'Europe/Berlin';

describe('a policy in words', () => {
  it('says when a credential is to be replaced', () => {
    expect(ruleText(by({ when: 'every', days: 30 }))).toBe('Every 30 days');
    expect(ruleText(by({ when: 'every', days: 1 }))).toBe('Every day');
    expect(ruleText(by({ when: 'every', days: 365, ahead: 30 }))).toBe(
      'Every 365 days, or 30 days before it expires',
    );
    expect(ruleText(by({ when: 'beforeExpiry', days: 14 }))).toBe('14 days before it expires');
    expect(ruleText(by({ when: 'beforeExpiry', days: 1 }))).toBe('1 day before it expires');
    expect(ruleText(by({ when: 'cron', pattern: '30 2 1 * *', zone: ZONE }))).toBe(
      'By the calendar: 30 2 1 * *, Europe/Berlin',
    );
    expect(ruleText(by({ when: 'manual' }))).toBe('By hand');
  });

  it('says hours as hours while they are few, and then as days', () => {
    expect([0, 24, 48, 60, 72, 168].map(graceText)).toEqual([
      'None',
      '24 h',
      '48 h',
      '60 h',
      '3 days',
      '7 days',
    ]);
    expect([0, 4].map(deadlineText)).toEqual(['at once', '4 h']);
  });

  it('names the days of a window and when it closes, also after midnight', () => {
    const window = { days: [6], opens: 120, minutes: 120, zone: ZONE };
    expect(windowText(window)).toBe('Sat 02:00–04:00, Europe/Berlin');
    expect(windowText({ ...window, days: [5, 1, 2, 3, 4], opens: 1320, minutes: 240 })).toBe(
      'Mon–Fri 22:00–02:00, Europe/Berlin',
    );
    expect(windowText({ ...window, days: [6, 7] })).toMatch(/^Sat, Sun 02:00/);
    expect(windowText({ ...window, days: [1, 2, 3, 4, 5, 6, 7], opens: 0, minutes: 1440 })).toBe(
      'Every day from 00:00 on, Europe/Berlin',
    );
  });
});
