/** Credentials and lists of them that are made up for component tests. */
import type { CredentialList, ListOf, Row } from '$lib/bindings';

const DAY = 86_400_000;

export const row = (part: Partial<Row> = {}): Row => ({
  id: 'c0',
  version: 1,
  name: 'payment-gateway',
  kind: 'apiKey',
  environment: 'prod',
  owner: 'payments',
  issuer: 'stripe',
  risk: 'high',
  tags: ['pci'],
  status: 'healthy',
  due: Date.now() + 5.5 * DAY,
  expires: null,
  rotated: Date.now() - 34 * DAY,
  changed: 0,
  paused: false,
  archived: null,
  policy: 'usual',
  uses: 2,
  restarts: 1,
  unread: false,
  ...part,
});

/** So many rows, named by their place. */
export const rows = (amount: number): Row[] =>
  Array.from({ length: amount }, (_, at) => row({ id: `c${at}`, name: `name-${at}` }));

/** The part of `all` that was asked for. */
export const listOf = (
  all: readonly Row[],
  { from, most }: ListOf,
  part: Partial<CredentialList> = {},
): CredentialList => ({
  rows: all.slice(from, from + most),
  from,
  total: all.length,
  all: all.length,
  groups: [],
  unknown: [],
  instead: [],
  ...part,
});
