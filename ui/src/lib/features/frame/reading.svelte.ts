/** What is shown of something that others change too: read when asked, and again with every change. */
import type { UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';

export class Reading<View> {
  /** Nothing until it was read; what was read last stays when that fails. */
  view = $state.raw<View | null>(null);
  loading = $state(false);
  problem = $state.raw<UserError | null>(null);

  protected readonly session: Session;
  readonly #read: () => Promise<View>;
  /** The reading that is under way: there is one at a time. */
  #underWay: Promise<void> | null = null;
  #isStale = false;

  constructor(session: Session, read: () => Promise<View>) {
    this.session = session;
    this.#read = read;
  }

  /** Reads it, and again with every change of accounts, consumers and runs, until it is ended. */
  follow(): () => void {
    void this.load();
    return this.session.backend.hear('runs_changed', () => void this.load());
  }

  /** Ends when it was read as it is from now on: what is being read already may be older. */
  load(): Promise<void> {
    this.#isStale = true;
    return (this.#underWay ??= this.#readOn());
  }

  /** What came of a reading. */
  protected show(view: View): void {
    this.view = view;
  }

  protected fail(error: UserError): void {
    this.problem = error;
  }

  async #readOn(): Promise<void> {
    this.loading = true;
    while (this.#isStale) {
      this.#isStale = false;
      try {
        this.show(await this.#read());
        this.problem = null;
      } catch (error) {
        this.fail(asUserError(error));
      }
    }
    this.loading = false;
    this.#underWay = null;
  }
}
