/** A setup that is being saved: its name may be taken, and somebody else may have been faster. */
import { Attempt } from '$lib/features/frame/attempt.svelte';

export class Saving extends Attempt {
  /** Somebody else changed it meanwhile; saving once more replaces theirs. */
  overtaken = $state(false);

  readonly #reread: () => boolean | Promise<boolean>;

  /** @param reread takes over the setup as it is now, and says whether it is still there */
  constructor(reread: () => boolean | Promise<boolean>) {
    super('name.taken', 'name.refused');
    this.#reread = reread;
  }

  override forget(): void {
    super.forget();
    this.overtaken = false;
  }

  override async make(work: () => Promise<unknown>): Promise<boolean> {
    const done = await super.make(work);
    if (this.problem?.messageKey === 'vault.changed' && (await this.#reread())) {
      this.problem = null;
      this.overtaken = true;
    }
    return done;
  }
}
