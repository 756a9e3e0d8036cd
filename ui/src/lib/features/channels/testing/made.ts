/** Channels that are made up for component tests. */
import type { ChannelsView, ChannelView } from '$lib/bindings';

export const chat = (part: Partial<ChannelView> = {}): ChannelView => ({
  id: 'c1',
  version: 3,
  name: '#payments',
  channel: {
    setup: { by: 'chat', private: false },
    rules: {
      events: ['failure', 'needsAttention'],
      severity: 'warning',
      environments: ['prod'],
      kinds: [],
      owners: [],
    },
    on: true,
  },
  secrets: ['address'],
  waiting: 0,
  ...part,
});

export const mail = (part: Partial<ChannelView> = {}): ChannelView => ({
  ...chat(),
  id: 'c2',
  name: 'Operations',
  channel: {
    setup: {
      by: 'mail',
      host: 'smtp.acme.dev',
      port: 587,
      tls: 'startTls',
      user: 'keyturn',
      from: 'keyturn@acme.dev',
      to: ['ops@acme.dev', 'dana@acme.dev'],
    },
    rules: {
      events: ['reminder'],
      severity: 'critical',
      environments: [],
      kinds: ['databaseLogin'],
      owners: [],
    },
    on: true,
  },
  secrets: ['password'],
  ...part,
});

export const channelsView = (part: Partial<ChannelsView> = {}): ChannelsView => ({
  channels: [chat(), mail()],
  faults: [],
  saved: null,
  ...part,
});
