/** The members of the open vault, and what is done with them. */
import type { Invitation, MembersView, Removed, Role, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';

export class MembersState {
  /** Nothing until they were read. */
  view = $state.raw<MembersView | null>(null);
  loading = $state(false);
  problem = $state.raw<UserError | null>(null);
  /** Somebody else changed them meanwhile: what is shown now is theirs. */
  overtaken = $state(false);

  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async load(): Promise<void> {
    this.loading = true;
    try {
      this.view = await this.#session.backend.ask('list_members');
      this.problem = null;
    } catch (error) {
      this.problem = asUserError(error);
    } finally {
      this.loading = false;
    }
  }

  async invite(name: string, role: Role, passphrase: string): Promise<Invitation> {
    const { backend } = this.#session;
    const invitation = await this.#change((revision) =>
      backend.ask('invite_member', { name, role, passphrase, revision }),
    );
    this.view = invitation.members;
    return invitation;
  }

  async change(id: string, name: string, role: Role): Promise<void> {
    const { backend } = this.#session;
    this.view = await this.#change((revision) =>
      backend.ask('change_member', { id, name, role, revision }),
    );
  }

  async remove(id: string, passphrase: string): Promise<Removed> {
    const { backend } = this.#session;
    const removed = await this.#change((revision) =>
      backend.ask('remove_member', { id, passphrase, revision }),
    );
    this.view = removed.members;
    return removed;
  }

  async #change<T>(work: (revision: number) => Promise<T>): Promise<T> {
    this.overtaken = false;
    try {
      return await this.#session.work(() => work(this.view?.revision ?? 0));
    } catch (thrown) {
      const error = asUserError(thrown);
      if (['vault.changed', 'member.gone'].includes(error.messageKey)) {
        await this.load();
        this.overtaken = true;
      }
      throw error;
    }
  }
}
