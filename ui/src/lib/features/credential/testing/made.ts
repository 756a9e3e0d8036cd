/** Credentials that are made up for component tests. */
import type { CredentialView, Facts, NewCredential, Policy, Version, Weighed } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';

export const NO_FACTS: Facts = {
  expires: null,
  issuedAt: null,
  issuer: null,
  subject: null,
  names: [],
  keyId: null,
  fingerprint: null,
  algorithm: null,
  serial: null,
  tokenExpires: null,
  encrypted: false,
};

export const MONTHLY: Policy = {
  rule: { when: 'every', days: 30 },
  graceHours: 24,
  warningDays: 7,
  window: null,
  frameworks: [],
};

const DAY = 86_400_000;

export const version = (part: Partial<Version> = {}): Version => ({
  number: 2,
  stage: 'current',
  keyId: 'key_8f2c',
  created: Date.now() - 10 * DAY,
  by: 'Ana',
  retired: null,
  fields: ['secret'],
  ...part,
});

interface Part {
  row?: Partial<CredentialView['credential']['row']>;
  metadata?: Partial<CredentialView['credential']['metadata']>;
  facts?: Partial<Facts>;
}

export function credentialView({ row, metadata, facts }: Part = {}): CredentialView {
  const shared = {
    name: 'payment-gateway',
    kind: 'apiKey',
    environment: 'prod',
    owner: 'payments',
    issuer: 'payment.example',
    risk: 'high',
    tags: ['pci'],
    expires: null,
    policy: 'usual',
  } as const;
  const due = Date.now() + 20 * DAY;
  return {
    credential: {
      row: {
        ...shared,
        tags: [...shared.tags],
        id: 'c1',
        version: 3,
        status: 'healthy',
        due,
        rotated: Date.now() - 10 * DAY,
        changed: 0,
        paused: false,
        archived: null,
        uses: 3,
        restarts: 1,
        unread: false,
        ...row,
      },
      metadata: {
        ...shared,
        tags: [...shared.tags],
        description: '',
        notes: '',
        fields: { keyId: 'key_8f2c', '+console': 'console.example' },
        ...metadata,
      },
      unread: [],
      rotates: due,
      created: 0,
      verified: null,
      used: null,
      counters: { reveals: 2, copies: 14, rotations: 1, refreshes: 0, failures: 0 },
      versions: [
        version(),
        version({ number: 1, stage: 'previous', keyId: 'key_old', created: 0, retired: DAY }),
      ],
    },
    policy: MONTHLY,
    policyName: '',
    next: [due, due + 30 * DAY, due + 60 * DAY],
    facts: { ...NO_FACTS, ...facts },
    measures: { secret: { characters: 64, bits: 381 } },
    emergencyHours: 0,
    asksPassphrase: false,
  };
}

/** What is missing of an API key. */
export const weigh = ({ metadata, secrets }: NewCredential): Weighed => ({
  faults: secrets['secret'] ? [] : [{ field: 'secret', why: { is: 'missing' } }],
  metadataFaults: metadata.name ? [] : ['name'],
  facts: NO_FACTS,
  policy: MONTHLY,
  next: [],
});

/** What every form of a credential asks. */
export const FORM_ANSWERS: Answers = {
  read_words: () => ({ environments: ['prod'], owners: ['payments'], issuers: [], tags: [] }),
  list_policies: () => ({
    usual: [{ kind: 'apiKey', standard: MONTHLY, high: MONTHLY, emergencyHours: 0 }],
    own: [{ id: 'p1', version: 1, name: 'Weekly', policy: MONTHLY, followers: 0 }],
    unread: [],
  }),
  weigh_credential: weigh,
};
