/** The views that somebody kept and what the built-in ones count, as the backend says. */
import type { SavedView, ViewsView } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { toast } from '$lib/design/toast.svelte';
import type { Session } from '$lib/features/vault/session.svelte';
import { sentenceOf } from '$lib/words/errors';

export class Views {
  /** Nothing until they were read; what was read last stays when that fails. */
  view = $state.raw<ViewsView | null>(null);

  readonly #session: Session;
  #asked = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  get saved(): readonly SavedView[] {
    return this.view?.saved ?? [];
  }

  /** Reads them, and again with every change of the inventory, until it is stopped. */
  follow(): () => void {
    void this.#read();
    return this.#session.backend.hear('inventory_changed', () => void this.#read());
  }

  async remove({ id, name, ...kept }: SavedView): Promise<void> {
    const { backend } = this.#session;
    const again = { ...kept, id: null, name };
    const undo = () => void this.#change(() => backend.ask('save_view', again));
    if (await this.#change(() => backend.ask('delete_view', { id }))) {
      toast.ok(`Deleted the view ${name}.`, { label: 'Undo', onselect: undo });
    }
  }

  async #change(work: () => Promise<ViewsView>): Promise<boolean> {
    try {
      this.view = await work();
      return true;
    } catch (error) {
      toast.fail(sentenceOf(asUserError(error)));
      return false;
    }
  }

  async #read(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const view = await this.#session.backend.ask('list_views');
      if (asked === this.#asked) this.view = view;
    } catch {
      // The inventory itself says what is wrong; here nothing is to be done about it.
    }
  }
}
