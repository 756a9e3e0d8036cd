/** A recovery key that was just made, or one of earlier: written down, and shown to be kept. */
import type { UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { sentenceOf } from '$lib/words/errors';
import { fileName } from '$lib/words/names';
import type { Session } from './session.svelte';

export class Recovery {
  /** The key itself, only while it is shown. */
  key = $state.raw<string | null>(null);
  /** Where it was written to. */
  saved = $state<string | null>(null);
  proven = $state(false);
  busy = $state<'save' | 'type' | 'read' | null>(null);
  fault = $state<string | undefined>();
  problem = $state.raw<UserError | null>(null);

  readonly #session: Session;

  constructor(session: Session, key: string | null) {
    this.#session = session;
    this.key = key;
  }

  get groups(): string[] {
    return this.key?.split(/[-\s]+/).filter(Boolean) ?? [];
  }

  save(): Promise<void> {
    return this.#run('save', async () => {
      const { backend } = this.#session;
      const { key } = this;
      if (key === null) return;
      const suggested = fileName(`${this.#session.vault?.name ?? 'Vault'} recovery key.txt`);
      const asked = { purpose: 'newSheet', suggested } as const;
      const file = await backend.ask('ask_for_place', asked);
      if (file === null) return;
      await backend.ask('save_recovery_sheet', { key, file });
      this.saved = file;
    });
  }

  proveByTyping(key: string): Promise<void> {
    return this.#run('type', async () => {
      this.#session.show(await this.#session.backend.ask('prove_recovery_key', { key }));
      this.proven = true;
    });
  }

  /** Reads the sheet back: the one that was saved just now, or one that is chosen. */
  proveBySheet(known: string | null): Promise<void> {
    return this.#run('read', async () => {
      const { backend } = this.#session;
      const asked = { purpose: 'sheet', suggested: null } as const;
      const file = known ?? (await backend.ask('ask_for_place', asked));
      if (file === null) return;
      this.#session.show(await backend.ask('prove_recovery_sheet', { file }));
      this.proven = true;
    });
  }

  async #run(what: 'save' | 'type' | 'read', work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    this.fault = undefined;
    this.problem = null;
    try {
      await work();
    } catch (thrown) {
      const error = asUserError(thrown);
      const typed = what === 'type' && error.messageKey.startsWith('recoveryKey.');
      if (typed) this.fault = sentenceOf(error);
      else this.problem = error;
    } finally {
      this.busy = null;
    }
  }
}
