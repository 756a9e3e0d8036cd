/** How many rotations are under way, and how many need a person: for the frame. */
import type { RunRow } from '$lib/bindings';
import type { Session } from '$lib/features/vault/session.svelte';
import { followRuns } from './follow';

export class OpenRuns {
  /** Nothing until they were read; what was read last stays when that fails. */
  rows = $state.raw<readonly RunRow[]>([]);

  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  get attention(): number {
    return this.rows.filter(({ status }) => status === 'needsAttention').length;
  }

  /** Those that go on by themselves. */
  get underWay(): number {
    return this.rows.filter(({ status }) => status === 'running' || status === 'waiting').length;
  }

  follow(): () => void {
    const { backend } = this.#session;
    return followRuns(backend, async () => {
      try {
        this.rows = (await backend.ask('list_runs', { open: true })).runs;
      } catch {
        // The screen of the rotations says what is wrong; here nothing is to be done about it.
      }
    });
  }
}
