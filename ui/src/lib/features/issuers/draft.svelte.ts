/** An issuer account as it stands in the form. */
import type { AccountChange, AccountView, Preset, SetupFault } from '$lib/bindings';
import { setupFaultWords, templateFaultWords, type Sort } from '$lib/words/setups';
import { fieldsOf, firstValues, setupOf, valuesOf, whole, type FormField, type Of } from './fields';
import { TypedSecrets } from './secrets.svelte';

/** Whatever is more is refused, as is 0. */
const MOST_AT_ONCE = 64;

export class AccountDraft {
  name = $state('');
  /** Nothing until it was chosen. */
  of = $state.raw<Of | null>(null);
  values = $state<Record<string, string | boolean>>({});
  faults = $state.raw<readonly SetupFault[]>([]);
  readonly secrets: TypedSecrets;

  readonly fields: readonly FormField[] = $derived(this.of ? fieldsOf(this.of, this.values) : []);
  /** Faults of what is no field here. */
  readonly elsewhere = $derived(
    this.faults.filter((fault) => !this.fields.some(({ name }) => isNamed(fault, name))),
  );

  #start: string;

  #usual: Readonly<Record<string, number | undefined>>;

  constructor(
    account: AccountView | null,
    presets: readonly Preset[],
    usual: Readonly<Record<string, number | undefined>>,
  ) {
    this.#usual = usual;
    this.secrets = new TypedSecrets(account?.secrets ?? []);
    if (account) this.fill(account, presets);
    this.#start = this.#typed();
  }

  get dirty(): boolean {
    return this.secrets.any || this.#typed() !== this.#start;
  }

  fill(account: AccountView, presets: readonly Preset[]): void {
    const { setup, atOnce, usualAtOnce: usual } = account;
    const id = setup.is === 'http' ? setup.preset : null;
    const preset = presets.find((preset) => preset.id === id);
    this.of = { sort: setup.is, preset, account, usual };
    this.name = account.name;
    this.values = { ...valuesOf(setup), atOnce: String(atOnce ?? '') };
  }

  choose(sort: Sort, preset?: Preset): void {
    this.of = { sort, preset, usual: preset?.atOnce ?? this.#usual[sort] };
    this.values = firstValues(sort);
    this.name = '';
    this.secrets.forget();
    this.faults = [];
    this.#start = this.#typed();
  }

  chooseAnew(): void {
    this.of = null;
    this.secrets.forget();
  }

  fault(field: FormField): string | undefined {
    const fault = this.faults.find((one) => this.#isOf(one, field));
    const words = field.name === 'template' ? templateFaultWords : setupFaultWords;
    return fault && words(fault.why);
  }

  change(id: string | null, version: number): AccountChange | null {
    if (!this.of) return null;
    const atOnce = String(this.values['atOnce'] ?? '').trim();
    const names = this.fields.filter(({ shape }) => shape === 'secret').map(({ name }) => name);
    return {
      id,
      version,
      name: this.name.trim(),
      setup: setupOf(this.of, this.values),
      atOnce: atOnce ? whole(atOnce, MOST_AT_ONCE) : null,
      secrets: this.secrets.of(names),
    };
  }

  /** An address and its secret may have the same name: what is missing is what is not there. */
  #isOf({ field, why }: SetupFault, { name, shape }: FormField): boolean {
    if (!isNamed({ field }, name)) return false;
    if (shape !== 'secret') return why !== 'missing' || !String(this.values[name] ?? '').trim();
    return why === 'missing'
      ? !this.secrets.isKept(name) && !this.secrets.typed(name)
      : !this.fields.some((other) => other.name === name && other.shape !== 'secret');
  }

  #typed(): string {
    return JSON.stringify([this.name, this.values]);
  }
}

/** A blank may be named by its way, and so may a line of several. */
const isNamed = ({ field }: Pick<SetupFault, 'field'>, name: string): boolean =>
  field === name || field === `blanks.${name}` || field.startsWith(`${name}.`);
