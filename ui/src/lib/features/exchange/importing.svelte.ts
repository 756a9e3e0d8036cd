/** A file on its way in: looked at, opened, previewed, read in, and perhaps taken back. */
import { SvelteSet } from 'svelte/reactivity';
import type {
  Imported,
  ImportEntry,
  ImportFile,
  ImportPreview,
  OpenVault,
  UserError,
} from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';
import { sentenceOf } from '$lib/words/errors';
import { askForImport } from './places';

export type Step = 'file' | 'password' | 'columns' | 'preview' | 'run' | 'done' | 'undone';
type Work = 'look' | 'preview' | 'more' | 'run' | 'undo' | 'delete';

/** The last one that ended well. It holds counts and a place, no names. */
let last: Importing | null = null;
const remember = (importing: Importing) => (last = importing);

/** What is said at the password instead of in a block. */
const AT_THE_PASSWORD = ['import.wrongPassword', 'import.passwordNeeded'];

export class Importing {
  step = $state<Step>('file');
  busy = $state<Work | null>(null);
  problem = $state.raw<UserError | null>(null);
  /** Why the password was refused. */
  fault = $state<string | undefined>();

  /** Where the file is. */
  path = $state('');
  file = $state.raw<ImportFile | null>(null);
  /** What each column becomes, in their order. */
  targets = $state.raw<string[]>([]);
  preview = $state.raw<ImportPreview | null>(null);
  /** Those of its entries that were asked for so far. */
  entries = $state.raw<readonly ImportEntry[]>([]);
  /** Whether entries that differ become new versions. */
  withChanged = $state(false);
  /** Places of entries that stay out. */
  readonly without = new SvelteSet<number>();
  imported = $state.raw<Imported | null>(null);
  /** How many of what it brought stay although it was undone. */
  stayed = $state(0);
  fileDeleted = $state(false);

  readonly #session: Session;
  readonly #folder: string;

  constructor(session: Session, { folder }: OpenVault) {
    this.#session = session;
    this.#folder = folder;
  }

  /** A new one; or the last one, as long as it can be taken back: it may have been closed too soon. */
  static of(session: Session, vault: OpenVault): Importing {
    return last?.isOf(vault) && last.undoable ? last : new Importing(session, vault);
  }

  isOf({ folder }: OpenVault): boolean {
    return folder === this.#folder;
  }

  get undoable(): boolean {
    return this.step === 'done' && (this.imported?.undoUntil ?? 0) > Date.now();
  }

  /** Whether the file is encrypted: then nobody has to delete it. */
  get encrypted(): boolean {
    return this.file?.needsPassword ?? false;
  }

  /** How many credentials would come in. */
  get amount(): number {
    if (!this.preview) return 0;
    const out = this.entries.filter((entry) => this.comesIn(entry) && this.without.has(entry.at));
    const { fresh, changed } = this.preview;
    return fresh + (this.withChanged ? changed : 0) - out.length;
  }

  /** Whether an entry comes in unless it is taken out. */
  comesIn({ state }: ImportEntry): boolean {
    return state === 'fresh' || (state === 'changed' && this.withChanged);
  }

  async choose(): Promise<void> {
    await this.#work('look', async () => {
      const path = await askForImport(this.#session.backend);
      if (path !== null) await this.#look(path);
    });
  }

  /** A file that somebody chose by dropping it. */
  async take(path: string): Promise<void> {
    if (!this.busy) await this.#work('look', () => this.#look(path));
  }

  async #look(path: string): Promise<void> {
    const { backend } = this.#session;
    this.startOver();
    this.path = path;
    const file = await backend.ask('look_at_import', { file: path });
    this.file = file;
    this.targets = file.columns.map(({ target }) => target);
    if (file.needsPassword) this.step = 'password';
    else if (file.columns.length > 0) this.step = 'columns';
    else await this.#preview(null);
  }

  /** Reads the file, so that what it would bring can be looked at. */
  open(password: string | null): Promise<void> {
    return this.#work('preview', () => this.#preview(password));
  }

  async #preview(password: string | null): Promise<void> {
    this.fault = undefined;
    this.busy = 'preview';
    const columns = this.file?.columns.length ? this.targets : null;
    this.preview = await this.#session.work(() =>
      this.#session.backend.ask('preview_import', { file: this.path, password, columns }),
    );
    this.entries = this.preview.entries;
    this.without.clear();
    this.step = 'preview';
  }

  /** The next page of entries. */
  more(): Promise<void> {
    return this.#work('more', async () => {
      const from = this.entries.length;
      const page = await this.#session.backend.ask('read_import', { from });
      this.entries = [...this.entries, ...page];
    });
  }

  async run(): Promise<void> {
    await this.#work('run', async () => {
      const { backend } = this.#session;
      const choice = { changed: this.withChanged, without: [...this.without] };
      this.step = 'run';
      this.imported = await this.#session.work(() => backend.ask('run_import', choice));
      this.step = 'done';
      this.preview = null;
      this.entries = [];
      remember(this);
    });
    if (this.step === 'run') this.step = 'preview';
  }

  /** Stops what runs: the command that runs then ends as cancelled. */
  async cancel(): Promise<void> {
    try {
      await this.#session.backend.ask('cancel_import');
    } catch (error) {
      this.problem = asUserError(error);
    }
  }

  async undo(): Promise<void> {
    await this.#work('undo', async () => {
      const { backend } = this.#session;
      const undone = await this.#session.work(() => backend.ask('undo_import'));
      this.stayed = undone.skipped;
      this.step = 'undone';
    });
  }

  async deleteFile(): Promise<void> {
    await this.#work('delete', async () => {
      await this.#session.backend.ask('delete_import_file');
      this.fileDeleted = true;
    });
  }

  /** One step towards the file. */
  back(): void {
    this.#forget();
    const isTable = (this.file?.columns.length ?? 0) > 0;
    if (this.step !== 'preview') this.startOver();
    else if (this.encrypted) this.step = 'password';
    else if (isTable) this.step = 'columns';
    else this.startOver();
  }

  startOver(): void {
    this.#forget();
    this.step = 'file';
    this.path = '';
    this.file = null;
    this.preview = null;
    this.entries = [];
    this.withChanged = false;
    this.without.clear();
    this.imported = null;
    this.stayed = 0;
    this.fileDeleted = false;
  }

  #forget(): void {
    this.problem = null;
    this.fault = undefined;
  }

  async #work(what: Work, work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.#forget();
    this.busy = what;
    try {
      await work();
    } catch (thrown) {
      const error = asUserError(thrown);
      if (AT_THE_PASSWORD.includes(error.messageKey)) this.fault = sentenceOf(error);
      else if (error.messageKey !== 'import.cancelled') this.problem = error;
    } finally {
      this.busy = null;
    }
  }
}
