/** A credential that is being typed: what stands in the form, and what is wrong with it. */
import { untrack } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import {
  KINDS,
  LIMITS,
  type Kind,
  type Metadata,
  type MetadataFault,
  type NewCredential,
  type PolicyChoice,
  type RecognisedPaste,
  type Risk,
  type Timestamp,
  type Weighed,
} from '$lib/bindings';
import type { Session } from '$lib/features/vault/session.svelte';
import { faultWords, mainField } from '$lib/words/kinds';

/** A field that the kind does not have. */
export interface OwnField {
  name: string;
  value: string;
  secret: boolean;
  /** Its value is kept already: empty, it stays as it is. */
  kept?: boolean;
}

const OWN = '+';
const UNSEEN = /[\p{C}\u2028\u2029]/u;
const MOST = LIMITS.parts.toLocaleString('en');
const WORD = `Use one line of at most ${LIMITS.word} characters.`;
const TEXT = `Too long. There is room for ${LIMITS.text / 1024} KB.`;
const METADATA_FAULTS: Readonly<Record<MetadataFault, string>> = {
  name: `Use one line of at most ${LIMITS.name} characters.`,
  environment: WORD,
  owner: WORD,
  issuer: WORD,
  tags: `Use at most ${MOST} tags of at most ${LIMITS.tag} characters each, without quotation marks.`,
  description: TEXT,
  notes: TEXT,
  ownField: `Use at most ${MOST} own fields, each with a name of at most ${LIMITS.word} characters.`,
};

export class Draft {
  kind = $state<Kind>('apiKey');
  name = $state('');
  environment = $state('');
  owner = $state('');
  issuer = $state('');
  tags = $state('');
  risk = $state<Risk>('standard');
  policy = $state<PolicyChoice>('usual');
  /** As a date field writes it: 2026-11-21. */
  expires = $state('');
  description = $state('');
  notes = $state('');
  /** The fields of the kind, secret or not, by name. */
  values = $state<Record<string, string>>({});
  own = $state<OwnField[]>([]);
  /** The secret fields that are kept and are to go, as they are named in the vault. */
  readonly removed = new SvelteSet<string>();

  weighed = $state.raw<Weighed | null>(null);
  /** The expiry that the value itself tells; then nobody types one. */
  readonly toldExpiry: Timestamp | null = $derived(this.weighed?.facts.expires ?? null);
  /** Whether saving was tried: from then on everything that is wrong is shown. */
  attempted = $state(false);
  /** The fields that were left: what is wrong with them is shown. */
  readonly left = new SvelteSet<string>();

  readonly #session: Session;
  /** What is kept has its secrets already: an empty one stays as it is. */
  readonly #kept: Metadata | null;
  #start: string;
  /** What the last paste filled in, so that the next one may replace it. */
  #filled: Record<string, string> = {};
  #pastes = 0;
  #weighing: Promise<void> | undefined;
  #stale = false;

  constructor(session: Session, kept: Metadata | null = null) {
    this.#session = session;
    this.#kept = kept;
    if (kept) this.load(kept);
    this.#start = JSON.stringify(this.entry());
  }

  /** Shows what is kept, instead of what was typed. Secrets that were typed stay. */
  load(kept: Metadata): void {
    const secrets = KINDS[kept.kind].filter((field) => field.secret).map(({ name }) => name);
    const typed = secrets.map((name) => [name, this.values[name] ?? ''] as const);
    const { kind, name, environment, owner, issuer, risk, policy, description, notes } = kept;
    Object.assign(this, { kind, name, environment, owner, issuer, risk, policy });
    Object.assign(this, { description, notes, tags: kept.tags.join(' ') });
    this.expires = kept.expires === null ? '' : dateOf(kept.expires);
    this.values = { ...Object.fromEntries(typed), ...kept.fields };
    this.own = [
      ...Object.entries(kept.fields)
        .filter(([field]) => field.startsWith(OWN))
        .map(([field, value]) => ({ name: field.slice(1), value, secret: false })),
      ...this.own.filter((field) => field.secret),
    ];
    this.#start = JSON.stringify({ ...this.entry(), secrets: {} });
  }

  get dirty(): boolean {
    return JSON.stringify(this.entry()) !== this.#start;
  }

  metadata(): Metadata {
    const shown = KINDS[this.kind].filter((field) => !field.secret);
    return {
      name: this.name.trim(),
      kind: this.kind,
      environment: this.environment.trim(),
      tags: tagsIn(this.tags),
      owner: this.owner.trim(),
      issuer: this.issuer.trim(),
      risk: this.risk,
      description: this.description.trim(),
      notes: this.notes.trimEnd(),
      fields: {
        ...this.#typed(shown.map(({ name }) => name)),
        ...this.#owned(false),
      },
      expires: this.toldExpiry ?? this.#typedExpiry(),
      policy: this.policy,
    };
  }

  secrets(): Record<string, string> {
    const secret = KINDS[this.kind].filter((field) => field.secret);
    return {
      // An empty one goes.
      ...Object.fromEntries([...this.removed].map((name) => [name, ''])),
      ...this.#typed(secret.map(({ name }) => name)),
      ...this.#owned(true),
    };
  }

  entry(request: string | null = null): NewCredential {
    return { metadata: this.metadata(), secrets: this.secrets(), request };
  }

  removeOwn(index: number): void {
    const [field] = this.own.splice(index, 1);
    if (field?.kept) this.removed.add(OWN + field.name);
  }

  /** Another kind: the secret moves along, as it is what was pasted. */
  become(kind: Kind): void {
    const secret = this.values[mainField(this.kind)];
    this.kind = kind;
    if (secret && !this.values[mainField(kind)]) this.values[mainField(kind)] = secret;
  }

  /** Fills the form from a paste. Null: nobody knows what it is; undefined: another came since. */
  async recognise(text: string): Promise<RecognisedPaste | null | undefined> {
    const turn = ++this.#pastes;
    const found = await this.#session.backend.ask('recognise_paste', { text }).catch(() => null);
    if (turn !== this.#pastes) return undefined;
    if (found) this.kind = found.kind;
    const fields = found?.fields ?? { [mainField(this.kind)]: text };
    const untouched = ([name, value]: [string, string]) => this.#filled[name] !== value;
    this.values = {
      ...Object.fromEntries(Object.entries(this.values).filter(untouched)),
      ...fields,
    };
    const words = { name: found?.name, issuer: found?.issuer, environment: found?.environment };
    for (const [word, told] of Object.entries(words) as [keyof typeof words, string | null][]) {
      if (this[word] === '' || this[word] === this.#filled[`.${word}`]) this[word] = told ?? '';
    }
    this.#filled = { ...fields };
    for (const word of Object.keys(words) as (keyof typeof words)[]) {
      this.#filled[`.${word}`] = words[word] ?? '';
    }
    return found;
  }

  /** Weighs it whenever something is typed; to be called while a component is made. */
  watch(): void {
    $effect(() => {
      this.entry();
      void untrack(() => this.weigh());
    });
  }

  /** Asks what is wrong and what the values tell. One question is under way at most. */
  weigh(): Promise<void> {
    this.#stale = true;
    this.#weighing ??= this.#keepWeighing();
    return this.#weighing;
  }

  async #keepWeighing(): Promise<void> {
    try {
      while (this.#stale) {
        this.#stale = false;
        this.weighed = await this.#session.backend.ask('weigh_credential', this.entry());
      }
    } catch {
      // Saving says what is wrong, if anything is.
      this.weighed = null;
    } finally {
      this.#weighing = undefined;
    }
  }

  get faulty(): boolean {
    const rest = this.weighed?.metadataFaults.length ?? 0;
    const repeated = this.own.some((field) => this.#repeats(field));
    return this.#faults.length > 0 || rest > 0 || repeated || this.expiryFault !== undefined;
  }

  /** A date field that is a plain one on some systems takes anything. */
  get expiryFault(): string | undefined {
    const wrong = this.expires !== '' && this.#typedExpiry() === null;
    return wrong && this.toldExpiry === null ? 'Type a date as in 2027-01-31.' : undefined;
  }

  get #faults() {
    const kept = (name: string) =>
      this.#kept && KINDS[this.kind].some((field) => field.name === name && field.secret);
    const faults = this.weighed?.faults ?? [];
    return faults.filter(({ field, why }) => !(why.is === 'missing' && kept(field)));
  }

  /** What is wrong with a field of the kind, once it is time to say so. */
  faultOf(field: string): string | undefined {
    const why = this.#faults.find((fault) => fault.field === field)?.why;
    if (!why) return undefined;
    const due = this.attempted || (this.left.has(field) && why.is !== 'missing');
    return due ? faultWords(why) : undefined;
  }

  /** What is wrong with the rest. */
  metadataFault(fault: MetadataFault): string | undefined {
    if (!this.weighed?.metadataFaults.includes(fault)) return undefined;
    if (fault === 'name' && !this.name.trim()) return this.attempted ? 'Type a name.' : undefined;
    return this.attempted || this.left.has(fault) ? METADATA_FAULTS[fault] : undefined;
  }

  /** What is wrong with one of the own fields, once it is time to say so. */
  ownFault(field: OwnField): { name?: string; value?: string } {
    const due = this.attempted || this.left.has('ownField');
    if (due && this.#repeats(field))
      return { name: 'Another field has this name: use one of its own.' };
    if (!this.metadataFault('ownField') || !isThere(field)) return {};
    if (new TextEncoder().encode(field.value).length > LIMITS.text) return { value: TEXT };
    const name = field.name.trim();
    const fits = name && [...name].length <= LIMITS.word && !UNSEEN.test(name);
    return fits ? {} : { name: `Use a name of 1 to ${LIMITS.word} characters.` };
  }

  /** Only one of two fields of a name could be kept. */
  #repeats(field: OwnField): boolean {
    const named = (other: OwnField) => isKept(other) && other.name.trim() === field.name.trim();
    return isKept(field) && this.own.find(named) !== field;
  }

  #typed(names: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      names.flatMap((name) => {
        const value = this.values[name] ?? '';
        return value === '' ? [] : [[name, value]];
      }),
    );
  }

  #owned(secret: boolean): Record<string, string> {
    const own = this.own.filter((field) => field.secret === secret && isThere(field));
    return Object.fromEntries(own.map(({ name, value }) => [OWN + name.trim(), value]));
  }

  /** A moment that was kept stays what it is while its day does. */
  #typedExpiry(): Timestamp | null {
    const kept = this.#kept?.expires ?? null;
    if (kept !== null && dateOf(kept) === this.expires) return kept;
    const at = Date.parse(`${this.expires}T00:00`);
    return Number.isNaN(at) ? null : at;
  }
}

/** Each once. */
export const tagsIn = (text: string): string[] =>
  text.split(/[\s,]+/).filter((tag, at, all) => tag && all.indexOf(tag) === at);

/** A secret one without a value is one that stays as it is. */
const isThere = ({ name, value, secret }: OwnField) => (secret ? value : name || value) !== '';

const isKept = (field: OwnField) => isThere(field) || field.kept === true;

/** 2026-11-21, as a date field wants it. */
const dateOf = (at: Timestamp): string => new Date(at).toLocaleDateString('sv');
