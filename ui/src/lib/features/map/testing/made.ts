/** Maps that are made up for tests. */
import type { Evidence, Kind, MapPicture, Reload, Status, Timestamp } from '$lib/bindings';

interface NodeOf {
  key: string;
  y: number;
  name?: string;
  kind?: Kind;
  status?: Status;
  reload?: Reload;
  restarts?: number;
  awayS?: number;
  count?: number;
}

interface EdgeOf {
  from: string;
  to: string;
  reload?: Reload;
  evidence?: Evidence;
  seen?: Timestamp | null;
}

const COLUMNS: Readonly<Record<string, number>> = {
  account: 0,
  issuer: 0,
  credential: 1,
  credentials: 1,
  consumer: 2,
  consumers: 2,
  reload: 3,
};
export const SINCE = new Date(2026, 9, 1).getTime();

const after = (key: string) => key.slice(key.lastIndexOf(':') + 1);

/** A map of these nodes and links, in which nothing else is. */
export function pictureOf(
  nodes: readonly NodeOf[],
  edges: readonly EdgeOf[],
  more: Partial<MapPicture> = {},
): MapPicture {
  const column = nodes.map(({ key }) => COLUMNS[key.split(':')[0] ?? ''] ?? 0);
  const at = (key: string) => nodes.findIndex((node) => node.key === key);
  return {
    nodes: {
      key: nodes.map(({ key }) => key),
      name: nodes.map(({ key, name }) => name ?? after(key)),
      column,
      x: column.map((each) => each * 280),
      y: nodes.map(({ y }) => y),
      count: nodes.map(({ count }) => count ?? 1),
      kind: nodes.map(({ kind }) => kind ?? null),
      status: nodes.map(({ status }) => status ?? null),
      reload: nodes.map(({ reload }) => reload ?? null),
      restarts: nodes.map(({ reload, restarts }) => restarts ?? Number(reload === 'restart')),
      awayS: nodes.map(({ awayS }) => awayS ?? 0),
    },
    edges: {
      from: edges.map(({ from }) => at(from)),
      to: edges.map(({ to }) => at(to)),
      count: edges.map(() => 1),
      evidence: edges.map(({ evidence }) => evidence ?? 'setUp'),
      seen: edges.map(({ seen }) => seen ?? null),
      since: edges.map(() => SINCE),
      reload: edges.map(({ reload }) => reload ?? null),
    },
    back: [],
    circles: [],
    orphans: [],
    unread: 0,
    ...more,
  };
}

/** An issuer with two credentials, of which one is used by two consumers and the other by nobody. */
export const shop = (more: Partial<MapPicture> = {}): MapPicture =>
  pictureOf(
    [
      { key: 'account:pay', y: 44, name: 'payment.example' },
      { key: 'credential:c1', y: 0, name: 'payment-gateway', kind: 'apiKey', status: 'overdue' },
      { key: 'credential:c2', y: 88, name: 'legacy-crm', kind: 'oauthClient', status: 'noPolicy' },
      { key: 'consumer:k1', y: 0, name: 'web-app' },
      { key: 'consumer:k2', y: 44, name: 'batch' },
      { key: 'consumer:k3', y: 88, name: 'lonely' },
      { key: 'reload:consumer:k1', y: 0, name: 'web-app', reload: 'restart', awayS: 38 },
      { key: 'reload:consumer:k2', y: 44, name: 'batch', reload: 'nextRun' },
    ],
    [
      { from: 'account:pay', to: 'credential:c1' },
      { from: 'account:pay', to: 'credential:c2' },
      {
        from: 'credential:c1',
        to: 'consumer:k1',
        reload: 'restart',
        evidence: 'seen',
        seen: SINCE,
      },
      { from: 'credential:c1', to: 'consumer:k2', reload: 'nextRun' },
      { from: 'consumer:k1', to: 'reload:consumer:k1' },
      { from: 'consumer:k2', to: 'reload:consumer:k2' },
    ],
    {
      orphans: [
        { key: 'consumer:k3', name: 'lonely', why: 'noCredential' },
        { key: 'credential:c2', name: 'legacy-crm', why: 'noConsumer' },
      ],
      ...more,
    },
  );
