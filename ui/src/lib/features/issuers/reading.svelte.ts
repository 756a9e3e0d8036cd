/** What is shown of a list that others change too: read when asked, one request under way at a time. */
import type { UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';

export class Reading<View> {
  /** Nothing until it was read. */
  view = $state.raw<View | null>(null);
  loading = $state(false);
  problem = $state.raw<UserError | null>(null);

  readonly #session: Session;
  readonly #read: () => Promise<View>;
  #again = false;

  constructor(session: Session, read: () => Promise<View>) {
    this.#session = session;
    this.#read = read;
  }

  /** Reads it, and again whenever something of it changed. */
  start(): () => void {
    void this.load();
    return this.#session.backend.hear('runs_changed', () => void this.load());
  }

  async load(): Promise<void> {
    this.#again = this.loading;
    if (this.loading) return;
    this.loading = true;
    do {
      this.#again = false;
      try {
        this.view = await this.#read();
        this.problem = null;
      } catch (error) {
        this.problem = asUserError(error);
      }
    } while (this.#again);
    this.loading = false;
  }
}
