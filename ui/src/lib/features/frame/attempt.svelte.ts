/** What a form is sent for: whether that is under way, and what came of it. */
import type { MessageKey, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { sentenceOf } from '$lib/words/errors';

export class Attempt {
  busy = $state(false);
  /** What is wrong with what was typed; it stands at the field. */
  fault = $state<string | undefined>();
  /** What else went wrong. */
  problem = $state.raw<UserError | null>(null);

  readonly #atField: readonly MessageKey[];

  /** @param atField the errors that are about what was typed */
  constructor(...atField: MessageKey[]) {
    this.#atField = atField;
  }

  forget(): void {
    this.fault = undefined;
    this.problem = null;
  }

  /** Does it, unless it is being done already; says whether it was done. */
  async make(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.forget();
    try {
      await work();
      return true;
    } catch (thrown) {
      const error = asUserError(thrown);
      if (this.#atField.includes(error.messageKey)) this.fault = sentenceOf(error);
      else this.problem = error;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
