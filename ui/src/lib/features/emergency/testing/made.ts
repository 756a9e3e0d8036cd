/** Incidents that are made up for component tests. */
import type { IncidentItem, IncidentRow, IncidentRun, IncidentView } from '$lib/bindings';
import { BEGUN, runRow, stepsAt } from '$lib/features/rotation/testing/made';

const SECOND = 1000;

export const incidentRow = (part: Partial<IncidentRow> = {}): IncidentRow => ({
  id: 'i1',
  reference: 'INC-2026-007',
  cause: 'machineLost',
  title: 'A computer of Dana is lost',
  drill: false,
  opened: BEGUN,
  started: null,
  closed: null,
  taken: 2,
  refused: 0,
  allRefused: null,
  restored: null,
  ...part,
});

export const incidentRun = (part: Partial<IncidentRun> = {}): IncidentRun => ({
  row: runRow(),
  revision: 7,
  steps: stepsAt(3),
  delivered: 2,
  well: 1,
  consumers: 3,
  troubled: '',
  waitsUntil: null,
  ...part,
});

export const incidentItem = (part: Partial<IncidentItem> = {}): IncidentItem => ({
  credential: 'c1',
  name: 'payment-gateway',
  kind: 'apiKey',
  risk: 'high',
  environment: 'prod',
  found: [{ is: 'copied', by: 'Dana', at: BEGUN - 3 * 86_400 * SECOND }],
  taken: true,
  reason: '',
  order: null,
  wave: 1,
  plan: { steps: [], consumers: ['web-app'], restarts: ['web-app'], downS: 0 },
  byHand: null,
  run: null,
  said: null,
  outcome: 'open',
  refused: null,
  renewed: false,
  ...part,
});

/** Without an account that makes its values. */
export const byHandItem = (part: Partial<IncidentItem> = {}): IncidentItem =>
  incidentItem({
    credential: 'c3',
    name: 'legacy-crm',
    kind: 'oauthClient',
    risk: 'standard',
    found: [{ is: 'owned' }],
    wave: 3,
    plan: null,
    byHand: {
      code: 'KT-ROTATION-NOT-SET-UP',
      messageKey: 'rotation.notSetUp',
      retryable: false,
      details: {},
    },
    ...part,
  });

type Part = Partial<Omit<IncidentView, 'row'>> & { row?: Partial<IncidentRow> };

/** Before it is started: one without an outage, one with, one left out. */
export const incidentView = ({ row, ...part }: Part = {}): IncidentView => ({
  row: incidentRow(row),
  version: 4,
  by: 'Ana',
  earliest: null,
  order: 'revokeFirst',
  items: [
    incidentItem(),
    incidentItem({
      credential: 'c2',
      name: 'orders-db',
      kind: 'databaseLogin',
      wave: 2,
      plan: {
        steps: [],
        consumers: ['mobile-backend'],
        restarts: ['mobile-backend'],
        downS: 90,
      },
    }),
    incidentItem({
      credential: 'c9',
      name: 'staging-cache',
      risk: 'standard',
      found: [{ is: 'couldRead' }],
      taken: false,
    }),
  ],
  tasks: [],
  consumers: ['mobile-backend', 'web-app'],
  restarts: ['mobile-backend', 'web-app'],
  owners: ['data', 'payments'],
  downS: 90,
  asksReference: false,
  deadlines: [
    { hours: 0, kinds: ['apiKey'], until: BEGUN, open: 1 },
    { hours: 4, kinds: ['databaseLogin'], until: BEGUN + 4 * 3600 * SECOND, open: 1 },
  ],
  log: [
    {
      at: BEGUN,
      by: 'Ana',
      action: 'incident.opened',
      about: '',
      detail: 'A computer of Dana is lost',
    },
  ],
  ...part,
});

const STARTED = BEGUN + 60 * SECOND;

/** One is proven, one delivers, one is by hand. */
export const startedView = (part: Part = {}): IncidentView =>
  incidentView({
    row: { started: STARTED, taken: 3, refused: 1, ...part.row },
    items: [
      incidentItem({
        outcome: 'revokedVerified',
        refused: STARTED + 9 * SECOND,
        renewed: true,
        run: incidentRun({
          row: runRow({ status: 'done' }),
          steps: stepsAt(8),
          delivered: 3,
          well: 3,
        }),
      }),
      incidentItem({
        credential: 'c2',
        name: 'orders-db',
        kind: 'databaseLogin',
        wave: 2,
        run: incidentRun({ row: runRow({ id: 'r2', credential: 'c2' }) }),
      }),
      byHandItem(),
    ],
    ...Object.fromEntries(Object.entries(part).filter(([name]) => name !== 'row')),
  });
