/** What is shown of something that others change too: read when asked, and again with every change. */
import type { UserError } from '$lib/bindings';
import { asUserError, type EventName } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';

export class Reading<View> {
  /** Nothing until it was read; what was read last stays when that fails. */
  view = $state.raw<View | null>(null);
  loading = $state(false);
  problem = $state.raw<UserError | null>(null);

  protected readonly session: Session;
  readonly #read: () => Promise<View>;
  readonly #changes: readonly EventName[];
  /** The reading that is under way: there is one at a time. */
  #underWay: Promise<void> | null = null;
  #isStale = false;

  /** @param changes what is told when it is another one; without them accounts, consumers and runs */
  constructor(
    session: Session,
    read: () => Promise<View>,
    changes: readonly EventName[] = ['runs_changed'],
  ) {
    this.session = session;
    this.#read = read;
    this.#changes = changes;
  }

  /** Reads it, and again with every change, until it is ended. */
  follow(): () => void {
    void this.load();
    const { backend } = this.session;
    const stops = this.#changes.map((name) => backend.hear(name, () => void this.load()));
    return () => stops.forEach((stop) => stop());
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
