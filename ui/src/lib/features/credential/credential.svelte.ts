/** One credential of the inventory, what happened to it, and what is done with it. */
import type { Activity, Change, CredentialView, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';

/** How each history begins: nothing came before. */
const FIRST_ACTIONS = ['credential.added', 'credential.imported'];

export class CredentialState {
  /** Nothing until it was read. */
  view = $state.raw<CredentialView | null>(null);
  problem = $state.raw<UserError | null>(null);
  gone = $state(false);
  activity = $state.raw<readonly Activity[]>([]);
  /** Whether there may be older entries. */
  older = $state(false);

  readonly id: string;
  readonly #session: Session;

  constructor(session: Session, id: string) {
    this.#session = session;
    this.id = id;
  }

  /** Reads it now, and again with every change of the inventory, until the returned function is called. */
  follow(): () => void {
    void this.load();
    return this.#session.backend.hear('inventory_changed', () => void this.load());
  }

  async load(): Promise<void> {
    const { backend } = this.#session;
    try {
      this.view = await backend.ask('read_credential', { id: this.id });
      this.problem = null;
      this.#begin(await backend.ask('read_activity', { id: this.id, before: null }));
    } catch (thrown) {
      const error = asUserError(thrown);
      if (error.messageKey === 'credential.gone') this.gone = true;
      else this.problem = error;
    }
  }

  async loadOlder(): Promise<void> {
    const before = this.activity.at(-1)?.number ?? null;
    try {
      const { backend } = this.#session;
      const entries = await backend.ask('read_activity', { id: this.id, before });
      this.activity = [...this.activity, ...entries];
      this.older = entries.length > 0 && this.#hasOlder();
    } catch (error) {
      this.problem = asUserError(error);
    }
  }

  /** Does one thing with it as it is shown; rejects when it was not done. */
  async change(change: Change): Promise<void> {
    const { backend } = this.#session;
    const version = this.view?.credential.row.version ?? 0;
    const [done] = await backend.ask('change_many', { seen: [{ id: this.id, version }], change });
    await this.load();
    if (done?.problem) throw done.problem;
  }

  async remove(typed: string): Promise<void> {
    const { backend } = this.#session;
    const [done] = await backend.ask('delete_credentials', { ids: [this.id], typed });
    if (done?.problem) throw done.problem;
  }

  duplicate(): Promise<CredentialView> {
    return this.#session.backend.ask('duplicate_credential', { id: this.id });
  }

  /** Older entries that were asked for stay. */
  #begin(newest: readonly Activity[]): void {
    const last = newest.at(-1)?.number ?? 0;
    this.activity = [...newest, ...this.activity.filter(({ number }) => number < last)];
    this.older = this.#hasOlder();
  }

  #hasOlder(): boolean {
    const last = this.activity.at(-1);
    return last !== undefined && !FIRST_ACTIONS.includes(last.action);
  }
}
