/** The sandbox of the open demo: what goes wrong at it, and what was tried. */
import type { SandboxFaults, SandboxView, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { followRuns } from '$lib/features/frame/follow';
import type { Session } from '$lib/features/vault/session.svelte';

export class DemoState {
  /** Nothing until it was read; what was read last stays when that fails. */
  view = $state.raw<SandboxView | null>(null);
  problem = $state.raw<UserError | null>(null);

  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Follows what happens; ends when the returned function is called. */
  follow(): () => void {
    const { backend } = this.#session;
    const stops = [
      followRuns(backend, () => this.load()),
      // A value that was taken is told so.
      backend.hear('inventory_changed', () => void this.load()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  load(): Promise<void> {
    return this.#show(() => this.#session.backend.ask('read_sandbox'));
  }

  /** These faults from now on, and no others. */
  fail(faults: SandboxFaults): Promise<void> {
    return this.#show(() => this.#session.backend.ask('set_sandbox', faults));
  }

  async #show(ask: () => Promise<SandboxView>): Promise<void> {
    try {
      this.view = await ask();
      this.problem = null;
    } catch (error) {
      this.problem = asUserError(error);
    }
  }
}
