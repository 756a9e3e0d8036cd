/** What an action reaches, made up for component tests. */
import type { BlastHit, BlastRadius } from '$lib/bindings';

export const hit = (part: Partial<BlastHit> = {}): BlastHit => ({
  key: `consumer:${part.name ?? 'web-app'}`,
  name: 'web-app',
  owner: 'payments',
  reload: 'restart',
  restarts: 1,
  awayS: 38,
  stops: false,
  seen: null,
  ...part,
});

export const radius = (part: Partial<BlastRadius> = {}): BlastRadius => ({
  keys: [],
  credentials: 1,
  consumers: [],
  stops: 0,
  restarts: 0,
  downS: 0,
  tell: [],
  cutOff: [],
  unread: [],
  ...part,
});
