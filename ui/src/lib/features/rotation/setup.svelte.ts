/** How a credential is to be rotated, while it is filled in. */
import {
  KINDS,
  type AccountView,
  type IssuerSetup,
  type Kind,
  type RotationSetup,
  type SetupFault,
} from '$lib/bindings';
import { isLong, mainField } from '$lib/words/kinds';
import { graceText } from '$lib/words/policies';
import { spanText } from '$lib/words/rotation';
import { setupFaultWords } from '$lib/words/setups';

export type Logins = 'one' | 'two';

/** As the policy says. */
export const BY_POLICY = 'policy';
/** So many consumers get a value at the same time. */
const AT_ONCE = 4;
const HOUR_S = 3600;

/** By how the consumers are deployed. */
const GRACES: readonly { hours: number; for: string }[] = [
  { hours: 0, for: 'the old key ends at once' },
  { hours: 24, for: 'rolling restarts, CI pipelines' },
  { hours: 48, for: 'rolling restarts' },
  { hours: 168, for: 'CI pipelines, mobile apps' },
  { hours: 336, for: 'mobile apps' },
  { hours: 720, for: 'partners' },
  { hours: 2160, for: 'partners' },
];

const SERVERS: readonly IssuerSetup['is'][] = ['postgres', 'mysql', 'mariadb', 'redis'];
/** What sender and receiver agree on to sign with. */
const SIGNED_WITH: readonly Kind[] = ['webhookSecret', 'signingKey', 'secret'];

/** Whether an issuer makes values of a kind. A webhook and a person can make anything. */
export function fits({ is }: Pick<IssuerSetup, 'is'>, kind: Kind): boolean {
  const main = mainField(kind);
  if (is === 'webhook' || is === 'byHand') return true;
  if (is === 'signingSecret') return SIGNED_WITH.includes(kind);
  if (SERVERS.includes(is))
    return main === 'password' && KINDS[kind].some(({ name }) => name === 'user');
  // What they answer with is one text, and a key of many lines has a public half as well.
  return !KINDS[kind].some((field) => field.name === main && isLong(field));
}

export class SetupDraft {
  account = $state('');
  logins = $state<Logins>('one');
  /** The login that takes turns with that of the credential. */
  second = $state('');
  endSessions = $state(false);
  validDays = $state('');
  /** Seconds, or as the policy says. */
  grace = $state(BY_POLICY);
  faults = $state.raw<readonly SetupFault[]>([]);

  readonly #kept: RotationSetup | null;
  /** Who the credential logs in as now. */
  readonly #user: string;
  readonly #accounts: readonly AccountView[];
  readonly #before: string;

  constructor(kept: RotationSetup | null, user: string, accounts: readonly AccountView[]) {
    this.#kept = kept;
    this.#user = user;
    this.#accounts = accounts;
    this.account = kept?.account ?? accounts[0]?.id ?? '';
    this.second = kept?.users.find((one) => one !== user) ?? '';
    this.logins = kept && kept.users.length > 0 ? 'two' : 'one';
    this.endSessions = kept?.endSessions ?? false;
    this.validDays = String(kept?.validDays ?? '');
    this.grace = kept && kept.graceS !== null ? String(kept.graceS) : BY_POLICY;
    this.#before = JSON.stringify(this.#typed());
  }

  get dirty(): boolean {
    return JSON.stringify(this.#typed()) !== this.#before;
  }

  /** What is chosen as issuer. */
  get issuer(): IssuerSetup['is'] | undefined {
    return this.#accounts.find(({ id }) => id === this.account)?.setup.is;
  }

  /** A database server: its logins can take turns. */
  get isServer(): boolean {
    return this.issuer !== undefined && SERVERS.includes(this.issuer);
  }

  get setup(): RotationSetup {
    const two = this.isServer && this.logins === 'two';
    return {
      account: this.account,
      users: two ? [this.#user, this.second.trim()] : [],
      validDays: this.isServer && this.validDays.trim() ? Number(this.validDays) : null,
      endSessions: this.isServer && this.endSessions,
      // In the contract it is a big number; JSON knows one sort only.
      graceS: this.grace === BY_POLICY ? null : Number(this.grace),
      atOnce: this.#kept?.atOnce ?? AT_ONCE,
      automatic: this.#kept?.automatic ?? false,
    };
  }

  /** Finds what the backend could not say at its field; says whether there is nothing. */
  check(): boolean {
    const { users, validDays } = this.setup;
    this.faults = [
      ...(this.account ? [] : [{ field: 'account', why: 'missing' as const }]),
      ...(users.length > 0 && !users[1] ? [{ field: 'users', why: 'missing' as const }] : []),
      ...(validDays === null || Number.isInteger(validDays)
        ? []
        : [{ field: 'validDays', why: 'number' as const }]),
    ];
    return this.faults.length === 0;
  }

  faultOf(field: string): string | undefined {
    const fault = this.faults.find((one) => one.field === field);
    return fault && setupFaultWords(fault.why);
  }

  #typed(): unknown[] {
    const { account, logins, second, endSessions, validDays, grace } = this;
    return [account, logins, second, endSessions, validDays, grace];
  }
}

/** The presets, with what the policy says first, and one that somebody set otherwise. */
export function graceOptions(
  byPolicyS: number | null,
  chosen: string,
): { value: string; label: string }[] {
  const policy = byPolicyS === null ? '' : ` (${spanText(byPolicyS)})`;
  const presets = GRACES.map(({ hours, for: whom }) => ({
    value: String(hours * HOUR_S),
    label: `${graceText(hours)}: ${whom}`,
  }));
  const isKnown = chosen === BY_POLICY || presets.some(({ value }) => value === chosen);
  const own = { value: chosen, label: spanText(Number(chosen)) };
  return [
    { value: BY_POLICY, label: `As the policy says${policy}` },
    ...presets,
    ...(isKnown ? [] : [own]),
  ];
}
