import { describe, expect, it } from 'vitest';
import type { Mute, NoticeView, Window } from '$lib/bindings';
import { runRow } from '$lib/features/rotation/testing/made';
import {
  doneNote,
  muteText,
  noticeLook,
  noticeNote,
  noticeText,
  quietText,
  runNotice,
  snoozes,
} from './notices';

/** A Saturday, in the afternoon. */
const NOW = new Date(2026, 10, 21, 14, 30).getTime();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const about = (at: number, part: Partial<NoticeView> = {}): NoticeView => ({
  credential: 'c1',
  name: 'payment-gateway',
  owner: 'payments',
  risk: 'standard',
  deadline: 'rotation',
  at: NOW + at,
  severity: 'critical',
  told: NOW,
  snoozed: null,
  done: null,
  ...part,
});

describe('a notice', () => {
  it.each([
    [-4 * DAY - HOUR, 'is overdue by 4 days', 'expired 4 days ago'],
    [-DAY, 'is overdue by 1 day', 'expired 1 day ago'],
    [-3 * HOUR, 'is overdue by 3 hours', 'expired 3 hours ago'],
    [0, 'is overdue by less than an hour', 'expired less than an hour ago'],
    [3.5 * HOUR, 'is due today at 18:00', 'expires today at 18:00'],
    [10 * HOUR, 'is due tomorrow at 00:30', 'expires tomorrow at 00:30'],
    [5 * DAY, 'is due in 5 days', 'expires in 5 days'],
  ])('%i ms ahead: %s, or %s', (at, rotation, expiry) => {
    expect(noticeText(about(at), NOW)).toBe(rotation);
    expect(noticeText(about(at, { deadline: 'expiry' }), NOW)).toBe(expiry);
  });

  it('says who answers for it, what the date is, and until when it is snoozed', () => {
    expect(noticeNote(about(-DAY, { risk: 'high' }), NOW)).toBe(
      'payments, high risk. Planned rotation Fri 20 Nov, 14:30',
    );
    expect(noticeNote(about(5 * DAY, { owner: '', deadline: 'expiry' }), NOW)).toBe(
      'No owner. Expires Thu 26 Nov, 14:30',
    );
    const snoozed = { deadline: 'expiry', snoozed: NOW + HOUR } as const;
    expect(noticeNote(about(-HOUR, snoozed), NOW)).toBe(
      'payments. Expired today, 13:30. Snoozed until today, 15:30',
    );
    expect(noticeNote(about(-HOUR, snoozed), NOW + HOUR)).not.toContain('Snoozed');
  });

  it('that is done says by what', () => {
    expect(doneNote(about(-DAY, { done: NOW }), NOW)).toBe(
      'payments. Planned rotation Fri 20 Nov, 14:30. Said to be done',
    );
    expect(doneNote(about(-DAY), NOW)).toBe('payments. Before: Planned rotation Fri 20 Nov, 14:30');
  });

  it('has the icon of what it is about', () => {
    const look = (at: number, part: Partial<NoticeView> = {}) =>
      noticeLook(about(at, part), NOW).icon;
    expect([look(-1), look(-1, { deadline: 'expiry' }), look(HOUR)]).toEqual([
      'warning',
      'ring-slash',
      'hourglass',
    ]);
    expect(look(5 * DAY, { severity: 'warning' })).toBe('clock');
    expect(look(-1, { snoozed: NOW + 1 })).toBe('pause');
  });
});

describe('a run in the centre of notices', () => {
  it('says whether the old key is in force', () => {
    expect(runNotice(runRow({ status: 'undone' }))).toBe('failed, the old key was restored');
    const dead = { status: 'undone', trouble: { what: 'oldRefused' } } as const;
    expect(runNotice(runRow(dead))).toBe('failed');
    expect(runNotice(runRow({ status: 'needsAttention' }))).toBe('stopped and needs attention');
  });
});

describe('quiet hours', () => {
  const nights: Window = { days: [1], opens: 1200, minutes: 660, zone: 'UTC' };

  it('say when they end, or else when they are', () => {
    expect(quietText(new Date(2026, 10, 22, 7, 0).getTime(), nights)).toBe('Quiet until 07:00');
    expect(quietText(null, nights)).toBe('Quiet 20:00 to 07:00');
    expect(quietText(null, null)).toBe('');
  });
});

describe('snoozes', () => {
  it('end in an hour, the next morning, in three days or in a week', () => {
    const ends = snoozes(NOW).map(({ until }) => new Date(until).toString().slice(0, 21));
    expect(ends).toEqual([
      'Sat Nov 21 2026 15:30',
      'Sun Nov 22 2026 09:00',
      'Tue Nov 24 2026 14:30',
      'Sat Nov 28 2026 14:30',
    ]);
  });
});

describe('a rule', () => {
  const all: Mute = {
    credential: null,
    kind: null,
    environment: null,
    owner: null,
    severity: 'warning',
    reason: '',
  };

  it('says whom it is about', () => {
    expect(muteText(all, '')).toBe('all credentials');
    const some = { ...all, kind: 'apiKey', environment: 'prod', owner: 'payments' } as const;
    expect(muteText(some, '')).toBe('API keys in prod of payments');
    expect(muteText({ ...all, credential: 'c1' }, 'orders-db')).toBe('orders-db');
  });
});
