/** Notices that are made up for component tests. */
import type { MuteView, NoticesView, NoticeView } from '$lib/bindings';

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** About a date that is so far away from now; in the past where that is negative. */
export const notice = (
  name: string,
  ahead: number,
  part: Partial<NoticeView> = {},
): NoticeView => ({
  credential: name,
  name,
  owner: 'payments',
  risk: 'standard',
  deadline: 'rotation',
  at: Date.now() + ahead,
  severity: ahead > DAY ? 'warning' : 'critical',
  told: Date.now() - 60_000,
  snoozed: null,
  done: null,
  ...part,
});

export const noticesView = (part: Partial<NoticesView> = {}): NoticesView => ({
  now: [],
  soon: [],
  done: [],
  allNow: part.now?.length ?? 0,
  allSoon: part.soon?.length ?? 0,
  mutes: [],
  quietUntil: null,
  behindLock: true,
  onDesktop: true,
  undelivered: [],
  ...part,
});

export const muteView = (part: Partial<MuteView['mute']> = {}, id = 'm1'): MuteView => ({
  id,
  by: 'Dana',
  since: new Date(2026, 10, 12, 9, 7).getTime(),
  mute: {
    credential: null,
    kind: 'certificate',
    environment: 'staging',
    owner: null,
    severity: 'warning',
    reason: 'The platform renews them',
    ...part,
  },
});
