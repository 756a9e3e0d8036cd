/** What is to go out, as what, and where to. */
import type { CredentialList, Exported, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';
import { sentenceOf } from '$lib/words/errors';
import { fileName, today } from '$lib/words/names';
import { askForExport } from './places';

export type Format = 'keyturn' | 'kdbx' | 'csv' | 'json' | 'metadata';
type Place = 'file' | 'password' | 'repeat' | 'passphrase';

const AT: Readonly<Partial<Record<UserError['messageKey'], Place>>> = {
  'passphrase.wrong': 'passphrase',
  'vault.wait': 'passphrase',
  'passphrase.weak': 'password',
  'file.taken': 'file',
  'file.unwritable': 'file',
};

/** What a file of that format is called at its end. */
const ending = (format: Format): string => (format === 'metadata' ? 'csv' : format);

export class Exporting {
  what = $state<'all' | 'shown'>('all');
  format = $state<Format>('keyturn');
  /** Those that were picked, without any value; then nothing else is asked. */
  readonly ids: readonly string[] | null;
  file = $state('');
  password = $state('');
  repeat = $state('');
  /** Of who unlocked. */
  passphrase = $state('');

  /** How many there are; nothing until it is known. */
  counts = $state.raw<Pick<CredentialList, 'all' | 'total'> | null>(null);
  busy = $state(false);
  faults = $state<Partial<Record<Place, string>>>({});
  problem = $state.raw<UserError | null>(null);
  exported = $state.raw<Exported | null>(null);

  readonly #session: Session;
  readonly #query: string;

  constructor(session: Session, query: string, ids: readonly string[] | null = null) {
    this.#session = session;
    this.#query = query;
    this.ids = ids;
    this.what = query ? 'shown' : 'all';
    if (ids) this.format = 'metadata';
  }

  get encrypted(): boolean {
    return this.format === 'keyturn' || this.format === 'kdbx';
  }

  /** Whether there are values in the file. */
  get hasValues(): boolean {
    return this.format !== 'metadata';
  }

  /** Counts what would go out; without an answer the numbers are simply not there. */
  async count(): Promise<void> {
    const ordering = { by: 'name', descending: false, group: null } as const;
    const asked = { query: this.#query, ordering, from: 0, most: 1 };
    this.counts = await this.#session.backend.ask('list_credentials', asked).catch(() => null);
  }

  /** The ending of the file follows what it is. */
  choose(format: Format): void {
    this.file = this.file.replace(/\.(keyturn|kdbx|csv|json)$/, `.${ending(format)}`);
    this.format = format;
    delete this.faults.file;
  }

  async choosePlace(): Promise<void> {
    const name = fileName(
      `${this.#session.vault?.name ?? 'Vault'} ${today()}.${ending(this.format)}`,
    );
    try {
      const place = await askForExport(this.#session.backend, this.file || name);
      if (place === null) return;
      this.file = place;
      delete this.faults.file;
    } catch (error) {
      this.problem = asUserError(error);
    }
  }

  /** Where something is missing or wrong, from the top; nothing when it went out. */
  async run(): Promise<Place | null> {
    if (this.busy) return null;
    this.problem = null;
    this.faults = this.#missing();
    if (Object.keys(this.faults).length === 0) await this.#export();
    const order: Place[] = ['file', 'password', 'repeat', 'passphrase'];
    return order.find((place) => this.faults[place]) ?? null;
  }

  #missing(): Partial<Record<Place, string>> {
    const { encrypted, password, repeat } = this;
    return {
      ...(this.file ? {} : { file: 'Choose where the file goes.' }),
      ...(encrypted && !password ? { password: 'Type a password for the file.' } : {}),
      ...(encrypted && password && password !== repeat
        ? { repeat: 'The two passwords differ. Type the same one again.' }
        : {}),
      ...(this.passphrase
        ? {}
        : { passphrase: 'Type your own passphrase, the one you unlock with.' }),
    };
  }

  async #export(): Promise<void> {
    const { backend } = this.#session;
    this.busy = true;
    try {
      this.exported = await this.#session.work(() =>
        backend.ask('export_credentials', {
          file: this.file,
          format: this.format,
          query: this.what === 'shown' ? this.#query : '',
          ids: this.ids && [...this.ids],
          passphrase: this.passphrase,
          password: this.encrypted ? this.password : null,
        }),
      );
      this.forget();
    } catch (thrown) {
      const error = asUserError(thrown);
      const place = AT[error.messageKey];
      if (place) this.faults = { [place]: sentenceOf(error) };
      else this.problem = error;
    } finally {
      this.busy = false;
    }
  }

  forget(): void {
    this.password = '';
    this.repeat = '';
    this.passphrase = '';
  }
}
