/** The issuer accounts of the open vault, and what is done with them. */
import type { AccountChange, AccountsView, AccountView, OrphanView } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { Reading } from '$lib/features/frame/reading.svelte';
import type { Session } from '$lib/features/vault/session.svelte';
import { Trials } from './trials.svelte';

export class AccountsState extends Reading<AccountsView> {
  readonly trials: Trials;

  constructor(session: Session) {
    super(session, () => session.backend.ask('list_accounts'));
    this.trials = new Trials((id) => session.backend.ask('try_account', { id }));
  }

  /** The account as it is now; nothing when it is gone. */
  find(id: string): AccountView | undefined {
    return this.view?.accounts.find((account) => account.id === id);
  }

  /** What is wrong with it, or the account that was saved. */
  async save(change: AccountChange): Promise<Pick<AccountsView, 'faults' | 'saved'>> {
    const view = await this.#change(() => this.session.backend.ask('save_account', change));
    // What came of a trial was about the account as it was.
    if (view.saved) this.trials.outcomes.delete(view.saved);
    return view;
  }

  async remove(id: string): Promise<void> {
    await this.#change(() => this.session.backend.ask('delete_account', { id }));
  }

  /** Keys at the issuer that may be of no use. */
  async orphans(account: string): Promise<OrphanView[]> {
    const { orphans } = await this.session.backend.ask('find_orphans', { id: account });
    return orphans.filter((orphan) => orphan.account === account);
  }

  async #change(work: () => Promise<AccountsView>): Promise<AccountsView> {
    try {
      const view = await work();
      this.view = { ...view, faults: [] };
      return view;
    } catch (error) {
      if (['vault.changed', 'setup.gone'].includes(asUserError(error).messageKey))
        await this.load();
      throw error;
    }
  }
}
