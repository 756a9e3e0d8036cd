/** All rotations, and the keys that they may have left behind. */
import type { OrphanView, RunRow, RunsView, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { followRuns } from '$lib/features/frame/follow';
import type { Session } from '$lib/features/vault/session.svelte';
import { isOpen } from '$lib/words/rotation';

export class RunsState {
  /** Nothing until they were read; what was read last stays when that fails. */
  view = $state.raw<RunsView | null>(null);
  problem = $state.raw<UserError | null>(null);

  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  get attention(): readonly RunRow[] {
    return this.#runs.filter(({ status }) => status === 'needsAttention');
  }

  get underWay(): readonly RunRow[] {
    return this.#runs.filter((row) => isOpen(row) && row.status !== 'needsAttention');
  }

  get ended(): readonly RunRow[] {
    return this.#runs.filter((row) => !isOpen(row));
  }

  get orphans(): readonly OrphanView[] {
    return this.view?.orphans ?? [];
  }

  get #runs(): readonly RunRow[] {
    return this.view?.runs ?? [];
  }

  follow(): () => void {
    return followRuns(this.#session.backend, () => this.load());
  }

  async load(): Promise<void> {
    try {
      this.view = await this.#session.backend.ask('list_runs', { open: false });
      this.problem = null;
    } catch (error) {
      this.problem = asUserError(error);
    }
  }

  /** Deletes a key at its issuer; rejects when it stays. */
  async remove({ account, mark }: OrphanView): Promise<void> {
    const { orphans } = await this.#session.backend.ask('remove_orphan', { account, mark });
    this.view = { runs: this.view?.runs ?? [], orphans };
  }
}
