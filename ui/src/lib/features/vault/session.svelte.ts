/** Which vault is open and which are known, as the backend says; and what it is working on. */
import type { KnownVault, OpenVault, SessionView, Step, UserError } from '$lib/bindings';
import { asUserError, type Backend } from '$lib/backend/backend';
import { toast } from '$lib/design/toast.svelte';

export class Session {
  /** Nothing until it was read. */
  view = $state.raw<SessionView | null>(null);
  /** Why it could not be read. */
  problem = $state.raw<UserError | null>(null);
  /** What long work does now; nothing while none runs. */
  step = $state<Step | null>(null);
  /** How much of that is done, in hundredths, where it is known. */
  part = $state<number | null>(null);

  readonly backend: Backend;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  get vault(): OpenVault | null {
    return this.view?.vault ?? null;
  }

  get known(): readonly KnownVault[] {
    return this.view?.known ?? [];
  }

  /** Reads the session once and follows its changes from then on. */
  async start(): Promise<() => void> {
    const { backend } = this;
    const stops = [
      backend.hear('session_changed', (view) => this.show(view)),
      // How many rotations go on behind the locked window is told by nothing else.
      backend.hear('runs_changed', () => {
        if (this.view?.locked?.rotations?.goOn) void this.read();
      }),
      backend.hear('work_progress', ({ step, part }) => {
        this.step = step;
        this.part = part;
      }),
    ];
    await this.read();
    return () => stops.forEach((stop) => stop());
  }

  async read(): Promise<void> {
    try {
      this.problem = null;
      this.show(await this.backend.ask('read_session'));
    } catch (error) {
      this.problem = asUserError(error);
    }
  }

  show(view: SessionView): void {
    // What a message says may come from the vault.
    if (this.vault && !view.vault) toast.clear();
    this.view = view;
  }

  /** Long work of the backend: its steps are told while it runs. */
  async work<T>(run: () => Promise<T>): Promise<T> {
    this.#rest();
    try {
      return await run();
    } finally {
      this.#rest();
    }
  }

  #rest(): void {
    this.step = null;
    this.part = null;
  }

  async lock(): Promise<void> {
    await this.backend.ask('lock_vault');
  }
}
