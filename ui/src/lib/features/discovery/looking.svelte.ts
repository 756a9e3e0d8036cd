/** A search for uses and leaks: where to look, what was found, and what is accepted of it. */
import { SvelteSet } from 'svelte/reactivity';
import type { AcceptedFinds, Find, FindsView, LookIn, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';

export type Step = 'where' | 'look' | 'finds' | 'done';
export type Where = 'folders' | 'file' | 'text' | 'cluster';
type Work = 'choose' | 'look' | 'more' | 'accept';

export class Looking {
  step = $state<Step>('where');
  busy = $state<Work | null>(null);
  problem = $state.raw<UserError | null>(null);

  where = $state<Where>('folders');
  folders = $state.raw<readonly string[]>([]);
  histories = $state(true);
  file = $state('');
  text = $state('');
  allNamespaces = $state(true);

  view = $state.raw<FindsView | null>(null);
  /** Those that were asked for so far. */
  finds = $state.raw<readonly Find[]>([]);
  /** Numbers of those that are to be accepted. */
  readonly chosen = new SvelteSet<number>();
  accepted = $state.raw<AcceptedFinds | null>(null);

  readonly #session: Session;

  /** @param where what is chosen at first */
  constructor(session: Session, where: Where = 'folders') {
    this.#session = session;
    this.where = where;
  }

  /** What is missing before it can be looked. */
  get missing(): string | undefined {
    if (this.where === 'folders' && this.folders.length === 0) return 'Choose a folder first.';
    if (this.where === 'file' && !this.file) return 'Choose a file first.';
    if (this.where === 'text' && !this.text.trim()) return 'Paste a text first.';
    return undefined;
  }

  get lookIn(): LookIn {
    switch (this.where) {
      case 'folders':
        return { in: 'folders', folders: [...this.folders], histories: this.histories };
      case 'file':
        return { in: 'file', file: this.file };
      case 'text':
        return { in: 'text', text: this.text };
      case 'cluster':
        return { in: 'cluster', all: this.allNamespaces };
    }
  }

  async chooseFolder(): Promise<void> {
    await this.#work('choose', async () => {
      const folder = await this.#ask('searchFolder');
      if (folder !== null && !this.folders.includes(folder)) {
        this.folders = [...this.folders, folder];
      }
    });
  }

  leave(folder: string): void {
    this.folders = this.folders.filter((one) => one !== folder);
  }

  async chooseFile(): Promise<void> {
    await this.#work('choose', async () => {
      this.file = (await this.#ask('searchFile')) ?? this.file;
    });
  }

  async look(): Promise<void> {
    if (this.missing) return;
    await this.#work('look', async () => {
      const { backend } = this.#session;
      this.step = 'look';
      this.view = null;
      this.view = await this.#session.work(() => backend.ask('look_for_uses', this.lookIn));
      this.text = '';
      this.finds = this.view.finds;
      this.chosen.clear();
      this.#suggest(this.finds);
      this.step = 'finds';
    });
    if (this.step === 'look') this.step = 'where';
  }

  /** Stops what runs: it then tells what it has found. */
  async stop(): Promise<void> {
    try {
      await this.#session.backend.ask('stop_looking');
    } catch (error) {
      this.problem = asUserError(error);
    }
  }

  more(): Promise<void> {
    return this.#work('more', async () => {
      const page = await this.#session.backend.ask('read_finds', { from: this.finds.length });
      this.finds = [...this.finds, ...page];
      this.#suggest(page);
    });
  }

  accept(): Promise<void> {
    return this.#work('accept', async () => {
      const accept = [...this.chosen];
      this.accepted = await this.#session.backend.ask('accept_finds', { accept });
      this.step = 'done';
      this.view = null;
      this.finds = [];
    });
  }

  startOver(): void {
    this.problem = null;
    this.step = 'where';
    this.view = null;
    this.finds = [];
    this.chosen.clear();
    this.accepted = null;
  }

  /**
   * Uses that are sure. A leak is not: the mark that it leaves goes only with a new value, so a person decides.
   */
  #suggest(finds: readonly Find[]): void {
    for (const { at, sort, state, byValue } of finds) {
      if (sort === 'binding' && byValue && (state === 'fresh' || state === 'here'))
        this.chosen.add(at);
    }
  }

  #ask(purpose: 'searchFolder' | 'searchFile'): Promise<string | null> {
    return this.#session.backend.ask('ask_for_place', { purpose, suggested: null });
  }

  async #work(what: Work, work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.problem = null;
    this.busy = what;
    try {
      await work();
    } catch (error) {
      this.problem = asUserError(error);
    } finally {
      this.busy = null;
    }
  }
}
