/** What is typed into the palette and what the vault has for it; the newest answer wins. */
import type { CredentialList, Row, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';

/** What begins with it is a command. */
const COMMAND = '>';
const MOST = 20;

export class Search {
  text = $state('');
  /** What was found for the text before; nothing before the first answer. */
  found = $state.raw<CredentialList | null>(null);
  /** What was taken or opened not long ago, as it is now. */
  recent = $state.raw<readonly Row[]>([]);
  problem = $state.raw<UserError | null>(null);
  /** Ends when everything that was asked is answered. */
  answered: Promise<void>;

  readonly #session: Session;
  #asked = 0;

  constructor(session: Session, recent: readonly string[]) {
    this.#session = session;
    this.answered = this.#remember(recent);
  }

  /** What commands are looked for by; nothing while credentials are. */
  get command(): string | null {
    return this.text.startsWith(COMMAND) ? this.text.slice(COMMAND.length) : null;
  }

  get question(): string {
    return this.command === null ? this.text.trim() : '';
  }

  get rows(): readonly Row[] {
    if (this.command !== null) return [];
    return this.question ? (this.found?.rows ?? []) : this.recent;
  }

  type(text: string): Promise<void> {
    this.text = text;
    this.answered = this.#ask(++this.#asked);
    return this.answered;
  }

  async #ask(asked: number): Promise<void> {
    const query = this.question;
    if (!query) {
      this.found = null;
      this.problem = null;
      return;
    }
    try {
      const ordering = { by: 'name', descending: false, group: null } as const;
      const input = { query, ordering, from: 0, most: MOST };
      const found = await this.#session.backend.ask('list_credentials', input);
      if (asked !== this.#asked) return;
      this.found = found;
      this.problem = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.found = null;
      this.problem = asUserError(error);
    }
  }

  async #remember(ids: readonly string[]): Promise<void> {
    const { backend } = this.#session;
    const read = await Promise.allSettled(ids.map((id) => backend.ask('read_credential', { id })));
    // One that is gone meanwhile is left out.
    this.recent = read.flatMap((one) =>
      one.status === 'fulfilled' ? [one.value.credential.row] : [],
    );
  }
}
