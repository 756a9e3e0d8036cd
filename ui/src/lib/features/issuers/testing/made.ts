/** Issuer accounts that are made up for component tests. */
import type { AccountsView, AccountView, Preset, Tried } from '$lib/bindings';

export const account = (part: Partial<AccountView> = {}): AccountView => ({
  id: 'a1',
  version: 4,
  name: 'Orders',
  setup: {
    is: 'postgres',
    host: 'orders-db.acme.dev',
    port: 5432,
    database: 'postgres',
    user: 'keyturn',
    tls: 'verified',
  },
  atOnce: null,
  usualAtOnce: 8,
  secrets: ['password'],
  tested: null,
  credentials: 3,
  needs: ['ALTER ROLE keyturn CREATEROLE;', 'GRANT app TO keyturn;'],
  ...part,
});

export const GITLAB: Preset = {
  id: 'gitlab-project',
  name: 'GitLab project access token',
  blanks: ['address', 'accessLevel'],
  optional: ['accessLevel'],
  secrets: ['apiToken'],
  facts: 'https://docs.gitlab.com/api/project_access_tokens/',
  atOnce: 6,
};

export const accountsView = (part: Partial<AccountsView> = {}): AccountsView => ({
  accounts: [account()],
  presets: [GITLAB],
  usualAtOnce: { postgres: 8, redis: 8, http: 4, signingSecret: 4 },
  faults: [],
  saved: null,
  ...part,
});

export const tried = (part: Partial<Tried> = {}): Tried => ({
  works: true,
  about: '',
  lacks: [],
  why: null,
  ...part,
});
