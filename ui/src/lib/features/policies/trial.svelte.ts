/** What a policy would mean while it is being edited. One question is on its way at most; the newest wins. */
import type { PolicyMeaning, PolicyTrial, UserError } from '$lib/bindings';
import { asUserError, type Backend } from '$lib/backend/backend';

export class Trial {
  /** What the last answer says; nothing before the first. */
  meaning = $state.raw<PolicyMeaning | null>(null);
  problem = $state.raw<UserError | null>(null);

  readonly #backend: Backend;
  #next: PolicyTrial | null = null;
  #asking = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async ask(trial: PolicyTrial): Promise<void> {
    this.#next = trial;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#next) await this.#askOnce(this.#take());
    this.#asking = false;
  }

  #take(): PolicyTrial {
    const trial = this.#next as PolicyTrial;
    this.#next = null;
    return trial;
  }

  async #askOnce(trial: PolicyTrial): Promise<void> {
    try {
      const meaning = await this.#backend.ask('try_policy', trial);
      if (this.#next) return;
      this.meaning = meaning;
      this.problem = null;
    } catch (error) {
      this.problem = asUserError(error);
    }
  }
}
