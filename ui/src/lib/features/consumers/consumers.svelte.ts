/** The consumers of the open vault with what they use, and what is done with them. */
import type {
  BindingChange,
  BindingSaved,
  ConsumerChange,
  ConsumersView,
  ConsumerView,
} from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { Reading } from '$lib/features/frame/reading.svelte';
import { Trials } from '$lib/features/issuers/trials.svelte';
import type { Session } from '$lib/features/vault/session.svelte';

export class ConsumersState extends Reading<ConsumersView> {
  /** Of bindings. */
  readonly trials: Trials;

  constructor(session: Session) {
    super(session, () => session.backend.ask('list_consumers'));
    this.trials = new Trials((id) => session.backend.ask('try_binding', { id }));
  }

  /** The consumer as it is now; nothing when it is gone. */
  find(id: string): ConsumerView | undefined {
    return this.view?.consumers.find((consumer) => consumer.id === id);
  }

  /** Which it is from now on. */
  async save(change: ConsumerChange): Promise<string> {
    const view = await this.#change(() => this.session.backend.ask('save_consumer', change));
    return view.saved ?? change.id ?? '';
  }

  async remove(id: string): Promise<void> {
    await this.#change(() => this.session.backend.ask('delete_consumer', { id }));
  }

  async bind(change: BindingChange): Promise<BindingSaved> {
    const saved = await this.#ask(() => this.session.backend.ask('save_binding', change));
    // What came of a trial was about the binding as it was.
    if (saved.binding) this.trials.outcomes.delete(saved.binding.id);
    return saved;
  }

  async unbind(id: string): Promise<void> {
    await this.#change(() => this.session.backend.ask('delete_binding', { id }));
  }

  async #change(work: () => Promise<ConsumersView>): Promise<ConsumersView> {
    return (this.view = await this.#ask(work));
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (['vault.changed', 'setup.gone'].includes(asUserError(error).messageKey))
        await this.load();
      throw error;
    }
  }
}
