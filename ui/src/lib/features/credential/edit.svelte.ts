/** Changing what is kept, without overwriting what somebody else changed meanwhile. */
import type { CredentialView, Metadata, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';
import { differences, type Difference } from './differences';
import { Draft } from './draft.svelte';

export class Edit {
  readonly draft: Draft;
  busy = $state(false);
  problem = $state.raw<UserError | null>(null);
  /** What somebody else made of it since it was opened. */
  theirs = $state.raw<CredentialView | null>(null);
  /** What the person had typed instead, once theirs was loaded. */
  mine = $state.raw<readonly Difference[] | null>(null);

  readonly #session: Session;
  readonly #id: string;
  readonly #newValue: boolean;
  #opened: Metadata;
  #version: number;

  /** A new value has an expiry of its own. */
  constructor(session: Session, { credential }: CredentialView, newValue = false) {
    this.#session = session;
    this.#id = credential.row.id;
    this.#newValue = newValue;
    this.#opened = credential.metadata;
    this.#version = credential.row.version;
    this.draft = new Draft(session, credential.metadata);
    if (newValue) this.draft.expires = '';
  }

  /** Asks for the change of the version that was opened; nothing when it was not made. */
  async save(change: (version: number) => Promise<CredentialView>): Promise<CredentialView | null> {
    this.busy = true;
    this.problem = null;
    this.draft.attempted = true;
    try {
      await this.draft.weigh();
      if (this.draft.faulty) return null;
      return await change(this.#version);
    } catch (thrown) {
      const error = asUserError(thrown);
      if (error.messageKey === 'vault.changed') await this.#readTheirs();
      else this.problem = error;
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Shows their version in the form; what differs stays to be looked at. */
  loadTheirs(): void {
    if (!this.theirs) return;
    const { metadata, row } = this.theirs.credential;
    const { expires } = this.draft;
    const mine = this.draft.metadata();
    if (this.#newValue) mine.expires = metadata.expires;
    this.mine = differences(mine, metadata, this.#opened);
    this.draft.load(metadata);
    if (this.#newValue) this.draft.expires = expires;
    this.#opened = metadata;
    this.#version = row.version;
    this.theirs = null;
  }

  async #readTheirs(): Promise<void> {
    try {
      const { backend } = this.#session;
      this.theirs = await backend.ask('read_credential', { id: this.#id });
      this.mine = null;
    } catch (error) {
      this.problem = asUserError(error);
    }
  }
}
