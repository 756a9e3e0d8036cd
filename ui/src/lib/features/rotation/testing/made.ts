/** Rotations that are made up for component tests. */
import type {
  AccountView,
  BindingView,
  PlanStep,
  PlanView,
  RotationView,
  RunConsumer,
  RunRow,
  RunView,
  StepView,
} from '$lib/bindings';

/** When the runs of these tests began. */
export const BEGUN = new Date(2026, 10, 16, 14, 1, 20).getTime();
const SECOND = 1000;

const DELIVER: PlanStep = { is: 'deliver', consumers: ['web-app', 'mobile-backend', 'batch'] };

/** Of an issuer where both keys work for a while. */
export const STEPS: readonly PlanStep[] = [
  { is: 'check' },
  { is: 'create' },
  { is: 'verify' },
  DELIVER,
  { is: 'promote' },
  { is: 'grace', seconds: 86_400 },
  { is: 'revoke' },
  { is: 'confirm' },
];

/** Those before it are done, it itself is `now`. */
export const stepsAt = (at: number, now: StepView['status'] = 'running'): StepView[] =>
  STEPS.map((step, index) => ({
    step,
    status: index < at ? 'done' : index === at ? now : 'toCome',
    began: index <= at ? BEGUN + index * 2 * SECOND : null,
    ended: index < at ? BEGUN + (index * 2 + 1.2) * SECOND : null,
  }));

export const runRow = (part: Partial<RunRow> = {}): RunRow => ({
  id: 'r1',
  credential: 'c1',
  credentialName: 'payment-gateway',
  status: 'running',
  needsSomebody: part.status === 'needsAttention',
  undoing: false,
  step: DELIVER,
  begun: BEGUN,
  changed: BEGUN + 42 * SECOND,
  trouble: null,
  ...part,
});

export const consumer = (part: Partial<RunConsumer> = {}): RunConsumer => ({
  binding: 'b1',
  name: 'web-app',
  place: { is: 'confirmed', side: 'new' },
  reload: 'restart',
  attempts: 0,
  waitsForWord: false,
  ...part,
});

type Part = Partial<Omit<RunView, 'row'>> & { row?: Partial<RunRow> };

/** It delivers: one consumer is well, one restarts, one takes it up later. */
export const runView = ({ row, ...part }: Part = {}): RunView => ({
  row: runRow(row),
  revision: 7,
  steps: stepsAt(3),
  consumers: [
    consumer(),
    consumer({ binding: 'b2', name: 'mobile-backend', place: { is: 'sent', side: 'new' } }),
    consumer({
      binding: 'b3',
      name: 'batch',
      place: { is: 'sent', side: 'new' },
      reload: 'nextRun',
    }),
  ],
  rightNow: 'both',
  canUndo: true,
  noWayBack: 6,
  next: null,
  waitsUntil: null,
  attempt: 0,
  log: [
    { at: BEGUN, action: 'rotation.planned', note: '' },
    { at: BEGUN + 2 * SECOND, action: 'rotation.retried', note: 'too much is asked at once' },
    { at: BEGUN + 3 * SECOND, action: 'rotation.created', note: '' },
    { at: BEGUN + 7 * SECOND, action: 'rotation.sent', note: '' },
  ],
  oldKey: 'key_8f2c',
  newKey: 'key_91bd',
  newVersion: 3,
  proves: true,
  byHand: null,
  signing: false,
  ...part,
});

/** The consumer that stopped it; `as never`: the contract has two types of the name `Why`. */
export const REFUSED = { what: 'consumer', binding: 'b2', why: 'refused' as never } as const;

/** It stopped, as a consumer is not well. */
export const stoppedRun = (part: Part = {}): RunView =>
  runView({
    steps: stepsAt(3, 'stopped'),
    consumers: [
      consumer(),
      consumer({
        binding: 'b2',
        name: 'mobile-backend',
        place: { is: 'failed', side: 'new' },
        attempts: 3,
      }),
    ],
    next: 'retry',
    ...part,
    row: { status: 'needsAttention', trouble: REFUSED, ...part.row },
  });

/** It was undone, as a step went wrong before anybody had to look. */
export const undoneRun = (trouble: object, failedAt = 0): RunView =>
  runView({
    steps: stepsAt(failedAt, 'failed').map((view) =>
      view.status === 'toCome' ? { ...view, status: 'skipped' } : view,
    ),
    consumers: [],
    rightNow: 'old',
    canUndo: false,
    next: 'beginAnew',
    row: { status: 'undone', undoing: true, trouble: trouble as never },
  });

export const planView = (part: Partial<PlanView> = {}): PlanView => ({
  steps: [...STEPS],
  restarts: ['web-app', 'mobile-backend'],
  waitsFor: ['batch'],
  downS: 52,
  noWayBack: 6,
  needsConsent: false,
  windowOpens: null,
  checks: [
    { what: 'account', consumer: null, found: 'good', trouble: null },
    { what: 'keys', consumer: null, found: 'good', trouble: null },
    { what: 'oldAccepted', consumer: null, found: 'good', trouble: null },
    { what: 'consumer', consumer: 'web-app', found: 'good', trouble: null },
    { what: 'consumer', consumer: 'batch', found: 'couldNot', trouble: null },
  ],
  good: true,
  ...part,
});

export const bindingView = (part: Partial<BindingView> = {}): BindingView => ({
  id: 'b1',
  version: 1,
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
    takesS: 40,
    awayS: 38,
  },
  secrets: [],
  verified: BEGUN,
  seen: null,
  ...part,
});

export const accountView = (part: Partial<AccountView> = {}): AccountView => ({
  id: 'a1',
  version: 1,
  name: 'Payments sandbox',
  setup: { is: 'sandbox', address: 'http://127.0.0.1:4810' },
  atOnce: null,
  usualAtOnce: 64,
  secrets: ['token'],
  tested: BEGUN,
  credentials: 1,
  needs: [],
  ...part,
});

export const postgres = (part: Partial<AccountView> = {}): AccountView =>
  accountView({
    id: 'a2',
    name: 'Orders database',
    setup: {
      is: 'postgres',
      host: 'db.example',
      port: 5432,
      database: 'orders',
      user: 'keyturn',
      tls: 'verified',
    },
    ...part,
  });

/** Nothing is set up. */
export const noRotation = (part: Partial<RotationView> = {}): RotationView => ({
  version: 0,
  setup: null,
  faults: [],
  abilities: null,
  graceS: 86_400,
  bindings: [],
  runs: [],
  paused: null,
  ...part,
});

export const rotationView = (part: Partial<RotationView> = {}): RotationView =>
  noRotation({
    version: 1,
    setup: {
      account: 'a1',
      users: [],
      validDays: null,
      endSessions: false,
      graceS: null,
      atOnce: 4,
      automatic: false,
    },
    abilities: {
      making: 'minted',
      verify: true,
      list: true,
      marks: true,
      lastUsed: false,
      deactivate: false,
      lingers: false,
      propagationS: 0,
      mostLive: null,
      sameAnswerS: 0,
    },
    bindings: [bindingView()],
    ...part,
  });
