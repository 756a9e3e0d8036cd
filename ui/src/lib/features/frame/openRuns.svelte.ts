/** How many rotations are under way, and how many need a person: for the frame. */
import type { RunRow, RunsView } from '$lib/bindings';
import type { Session } from '$lib/features/vault/session.svelte';
import { Reading } from './reading.svelte';

/** When they cannot be read, the screen of the rotations says why. */
export class OpenRuns extends Reading<RunsView> {
  constructor(session: Session) {
    super(session, () => session.backend.ask('list_runs', { unsettled: true }));
  }

  get rows(): readonly RunRow[] {
    return this.view?.runs ?? [];
  }

  get attention(): number {
    return this.rows.filter(({ needsSomebody }) => needsSomebody).length;
  }

  /** Those that go on by themselves. */
  get underWay(): number {
    return this.rows.filter(({ status }) => status === 'running' || status === 'waiting').length;
  }
}
