/** Taking a value out of the vault: copied into the clipboard, or shown. Both may ask for the passphrase. */
import type { AnswerOf, Copied, Revealed, RevealedAnswer, ValueOf } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { toast } from '$lib/design';
import type { Session } from '$lib/features/vault/session.svelte';
import { sentenceOf } from '$lib/words/errors';

/** The passphrase is asked for, and this waits for it. */
interface Asking {
  /** Rejects when it was wrong, so that it can be typed again. */
  confirm: (passphrase: string) => Promise<void>;
  cancel: () => void;
}

/** What is taken, and the passphrase where that is asked for. */
type Asked = Pick<ValueOf, 'passphrase'>;

export class Taking {
  /** What is in the clipboard; nothing once it is taken out again. */
  copied = $state.raw<Copied | null>(null);
  asking = $state.raw<Asking | null>(null);

  readonly #session: Session;

  /** Made once a page; locking gives the window a new one. */
  constructor(session: Session) {
    this.#session = session;
    session.backend.hear('clipboard_changed', (copied) => (this.copied = copied));
  }

  /** Tells whether it is in the clipboard now. */
  async copy(value: ValueOf): Promise<boolean> {
    const { backend } = this.#session;
    return this.#copied(await this.#take(value, (asked) => backend.ask('copy_value', asked)));
  }

  /** The same with what an issuer answered to a run, where no value was found in it. */
  async copyAnswer(run: string): Promise<boolean> {
    const { backend } = this.#session;
    const answer: AnswerOf = { id: run, passphrase: null };
    return this.#copied(await this.#take(answer, (asked) => backend.ask('copy_answer', asked)));
  }

  #copied(copied: Copied | null): boolean {
    if (!copied) return false;
    this.copied = copied;
    const seconds = copied.until === null ? null : Math.round((copied.until - Date.now()) / 1000);
    toast.ok(`Copied ${copied.name}.${seconds === null ? '' : ` Clears in ${seconds} s.`}`);
    return true;
  }

  /** Nothing when the person cancelled, or when it failed, which is said. */
  async reveal(value: ValueOf): Promise<Revealed | null> {
    const { backend } = this.#session;
    return this.#take(value, (asked) => backend.ask('reveal_value', asked));
  }

  async revealAnswer(run: string): Promise<RevealedAnswer | null> {
    const { backend } = this.#session;
    const answer: AnswerOf = { id: run, passphrase: null };
    return this.#take(answer, (asked) => backend.ask('reveal_answer', asked));
  }

  async clear(): Promise<void> {
    try {
      await this.#session.backend.ask('clear_clipboard');
      this.copied = null;
    } catch (error) {
      toast.fail(sentenceOf(asUserError(error)));
    }
  }

  async #take<V extends Asked, T>(value: V, ask: (value: V) => Promise<T>): Promise<T | null> {
    try {
      return await ask(value);
    } catch (thrown) {
      const error = asUserError(thrown);
      if (error.messageKey === 'value.passphrase') return this.#withPassphrase(value, ask);
      toast.fail(sentenceOf(error));
      return null;
    }
  }

  #withPassphrase<V extends Asked, T>(value: V, ask: (value: V) => Promise<T>): Promise<T | null> {
    this.asking?.cancel();
    return new Promise((resolve) => {
      this.asking = {
        confirm: async (passphrase) => resolve(await ask({ ...value, passphrase })),
        cancel: () => {
          this.asking = null;
          resolve(null);
        },
      };
    });
  }
}

/** The secret that a credential is about, as it is now. */
export const mainValue = (id: string): ValueOf => ({
  id,
  number: null,
  field: null,
  passphrase: null,
});
