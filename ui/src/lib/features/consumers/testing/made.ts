/** Consumers and bindings that are made up for component tests. */
import type { BindingView, ConsumersView, ConsumerView } from '$lib/bindings';

export const binding = (part: Partial<BindingView> = {}): BindingView => ({
  id: 'b1',
  version: 2,
  credential: 'c1',
  credentialName: 'payment-gateway',
  consumer: 'k1',
  consumerName: 'web-app',
  setup: {
    sending: {
      by: 'file',
      path: '/srv/web/.env',
      format: 'env',
      parts: [{ key: 'PAYMENT_KEY', text: '{secret}' }],
    },
    reloading: { by: 'command', program: '/usr/bin/systemctl', arguments: ['restart', 'web'] },
    check: { by: 'none' },
    looks: { timeoutS: 10, retries: 10, intervalS: 60 },
    takesS: 5,
    awayS: 38,
  },
  secrets: [],
  verified: null,
  seen: null,
  ...part,
});

export const consumer = (part: Partial<ConsumerView> = {}): ConsumerView => ({
  id: 'k1',
  version: 6,
  consumer: {
    name: 'web-app',
    environment: 'prod',
    owner: 'payments',
    deployment: 'service',
    notes: '',
  },
  bindings: [binding()],
  ...part,
});

export const consumersView = (...consumers: ConsumerView[]): ConsumersView => ({
  consumers,
  unread: [],
  saved: null,
});
