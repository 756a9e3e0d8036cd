/** All rotations, and the keys that they may have left behind. */
import type { OrphanView, RunRow, RunsView } from '$lib/bindings';
import { Reading } from '$lib/features/frame/reading.svelte';
import type { Session } from '$lib/features/vault/session.svelte';
import { isOpen } from '$lib/words/rotation';

export class RunsState extends Reading<RunsView> {
  constructor(session: Session) {
    super(session, () => session.backend.ask('list_runs', { unsettled: false }));
  }

  get attention(): readonly RunRow[] {
    return this.#runs.filter(({ needsSomebody }) => needsSomebody);
  }

  get underWay(): readonly RunRow[] {
    return this.#runs.filter((row) => isOpen(row) && !row.needsSomebody);
  }

  get ended(): readonly RunRow[] {
    return this.#runs.filter((row) => !isOpen(row) && !row.needsSomebody);
  }

  get orphans(): readonly OrphanView[] {
    return this.view?.orphans ?? [];
  }

  get #runs(): readonly RunRow[] {
    return this.view?.runs ?? [];
  }

  /** Deletes a key at its issuer; rejects when it stays. */
  async remove({ account, mark }: OrphanView): Promise<void> {
    const { orphans } = await this.session.backend.ask('remove_orphan', { account, mark });
    if (this.view) this.view = { ...this.view, orphans };
  }

  /** Pauses automatic rotation of the whole vault, or lets it go on; rejects when it stays as it is. */
  async pauseAutomatic(paused: boolean): Promise<void> {
    const now = await this.session.backend.ask('pause_automatic', { paused });
    if (this.view) this.view = { ...this.view, paused: now };
  }
}
