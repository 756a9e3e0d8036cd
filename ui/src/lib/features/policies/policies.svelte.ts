/** The usual policies and the vault's own, and what is done with them. */
import type { OwnPolicy, PoliciesView, PolicyChange, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';

export class PoliciesState {
  /** Nothing until they were read. */
  view = $state.raw<PoliciesView | null>(null);
  loading = $state(false);
  problem = $state.raw<UserError | null>(null);

  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Reads them once and follows from then on how many credentials follow each. */
  start(): () => void {
    void this.load();
    return this.#session.backend.hear('inventory_changed', () => void this.load());
  }

  async load(): Promise<void> {
    this.loading = true;
    try {
      this.view = await this.#session.backend.ask('list_policies');
      this.problem = null;
    } catch (error) {
      this.problem = asUserError(error);
    } finally {
      this.loading = false;
    }
  }

  /** The policy as it is now; nothing when it is gone. */
  find(id: string): OwnPolicy | undefined {
    return this.view?.own.find((policy) => policy.id === id);
  }

  save(change: PolicyChange): Promise<void> {
    return this.#change(() => this.#session.backend.ask('save_policy', change));
  }

  remove({ id, version }: OwnPolicy): Promise<void> {
    return this.#change(() => this.#session.backend.ask('delete_policy', { id, version }));
  }

  async #change(work: () => Promise<PoliciesView>): Promise<void> {
    try {
      this.view = await work();
    } catch (error) {
      if (asUserError(error).messageKey === 'vault.changed') await this.load();
      throw error;
    }
  }
}
