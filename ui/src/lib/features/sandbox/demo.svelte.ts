/** The sandbox of the open demo: what goes wrong at it, and what was tried. */
import type { SandboxFaults, SandboxView } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { Reading } from '$lib/features/frame/reading.svelte';
import type { Session } from '$lib/features/vault/session.svelte';

export class DemoState extends Reading<SandboxView> {
  constructor(session: Session) {
    super(session, () => session.backend.ask('read_sandbox'));
  }

  override follow(): () => void {
    const stops = [
      super.follow(),
      // A value that was taken is told so.
      this.session.backend.hear('inventory_changed', () => void this.load()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** These faults from now on, and no others. */
  async break(faults: SandboxFaults): Promise<void> {
    try {
      this.show(await this.session.backend.ask('set_sandbox', faults));
      this.problem = null;
    } catch (error) {
      this.fail(asUserError(error));
    }
  }
}
