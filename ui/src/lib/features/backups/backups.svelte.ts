/** The backups of the open vault, making them and trying them. */
import { SvelteMap } from 'svelte/reactivity';
import type { BackupsView, CheckedBackup, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';
import { fileName, today } from '$lib/words/names';

type Work = 'load' | 'make' | 'makeAt' | 'test';

export class BackupsState {
  /** Nothing until they were read. */
  view = $state.raw<BackupsView | null>(null);
  busy = $state<Work | null>(null);
  /** The file that is being tested. */
  testing = $state<string | null>(null);
  problem = $state.raw<UserError | null>(null);
  /** The last work that was refused, to be tried again. */
  failed = $state<Work | null>(null);
  /** What was read back, by file. */
  readonly results = new SvelteMap<string, CheckedBackup>();

  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  load(): Promise<void> {
    return this.#run('load', async () => {
      this.view = await this.#session.backend.ask('list_backups');
    });
  }

  make(): Promise<void> {
    return this.#run('make', async () => {
      this.view = await this.#session.work(() => this.#session.backend.ask('make_backup'));
    });
  }

  /** The backup that was made, or nothing when nobody chose a place. */
  async makeAt(): Promise<CheckedBackup | null> {
    let made: CheckedBackup | null = null;
    await this.#run('makeAt', async () => {
      const { backend } = this.#session;
      const suggested = fileName(
        `${this.#session.vault?.name ?? 'Vault'} ${today()}.keyturn-backup`,
      );
      const asked = { purpose: 'newBackup', suggested } as const;
      const file = await backend.ask('ask_for_place', asked);
      if (file === null) return;
      made = await this.#session.work(() => backend.ask('make_backup_at', { file }));
    });
    return made;
  }

  async test(file: string): Promise<void> {
    this.testing = file;
    await this.#run('test', async () => {
      const { backend } = this.#session;
      const result = await this.#session.work(() => backend.ask('test_backup', { file }));
      this.results.set(file, result);
    });
    this.testing = null;
  }

  async #run(what: Work, work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    this.problem = null;
    this.failed = null;
    try {
      await work();
    } catch (error) {
      this.problem = asUserError(error);
      this.failed = what;
    } finally {
      this.busy = null;
    }
  }
}
