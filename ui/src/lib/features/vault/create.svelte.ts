/** A vault that is being made: its name, its first owner, its place. */
import type { MadeVault, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { sentenceOf } from '$lib/words/errors';
import type { Session } from './session.svelte';

export type CreateField = 'name' | 'member' | 'folder' | 'passphrase';

const LONGEST_NAME = 100;
const PAUSE_MS = 200;

export class Creating {
  name = $state('');
  member = $state('');
  folder = $state('');
  busy = $state(false);
  faults = $state<Partial<Record<CreateField, string>>>({});
  problem = $state.raw<UserError | null>(null);

  readonly #session: Session;
  /** Whoever chose a place keeps it, whatever the name becomes. */
  #placeChosen = false;
  #later: ReturnType<typeof setTimeout> | undefined;
  #suggested = Promise.resolve();

  constructor(session: Session) {
    this.#session = session;
  }

  named(): void {
    delete this.faults.name;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => (this.#suggested = this.#suggest()), PAUSE_MS);
  }

  placed(): void {
    this.#placeChosen = true;
    delete this.faults.folder;
  }

  /** Asks for the folder that the vault's own folder will be in. */
  async choosePlace(): Promise<void> {
    try {
      const asked = { purpose: 'parent', suggested: parentOf(this.folder) } as const;
      const parent = await this.#session.backend.ask('ask_for_place', asked);
      if (parent === null) return;
      this.folder = join(parent, lastOf(this.folder) || `${this.name.trim() || 'vault'}.vault`);
      this.placed();
    } catch (error) {
      this.problem = asUserError(error);
    }
  }

  /** What is wrong before anything is asked; the first field of it. */
  async check(): Promise<CreateField | null> {
    // Whoever is quicker than the suggested place does not have to choose one.
    if (this.folder.trim() === '') {
      clearTimeout(this.#later);
      this.busy = true;
      await Promise.all([this.#suggested, this.#suggest()]);
      this.busy = false;
    }
    const name = (value: string, missing: string) =>
      value.trim() === ''
        ? missing
        : [...value.trim()].length > LONGEST_NAME
          ? `At most ${LONGEST_NAME} characters.`
          : undefined;
    const faults = {
      name: name(this.name, 'Give the vault a name.'),
      member: name(this.member, 'Type the name that others in this vault will see.'),
      folder: this.folder.trim() === '' ? 'Choose where the vault will be.' : undefined,
    };
    this.faults = Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault));
    return (['name', 'member', 'folder'] as const).find((field) => this.faults[field]) ?? null;
  }

  async create(passphrase: string): Promise<MadeVault | null> {
    this.busy = true;
    this.problem = null;
    const { name, member, folder } = this;
    const asked = {
      name: name.trim(),
      member: member.trim(),
      folder: folder.trim(),
      passphrase,
    };
    try {
      const session = this.#session;
      return await session.work(() => session.backend.ask('create_vault', asked));
    } catch (thrown) {
      this.#fail(asUserError(thrown));
      return null;
    } finally {
      this.busy = false;
    }
  }

  #fail(error: UserError): void {
    const field = { 'vault.taken': 'folder', 'passphrase.weak': 'passphrase' } as const;
    const at = field[error.messageKey as keyof typeof field];
    if (at) this.faults[at] = sentenceOf(error);
    else this.problem = error;
  }

  async #suggest(): Promise<void> {
    const name = this.name.trim();
    if (this.#placeChosen || name === '') return;
    const place = await this.#session.backend.ask('suggest_place', { name }).catch(() => null);
    if (place !== null && !this.#placeChosen && name === this.name.trim()) {
      this.folder = place;
      delete this.faults.folder;
    }
  }
}

const SEPARATOR = /[\\/]/;

function parentOf(folder: string): string | null {
  const at = Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\'));
  return at > 0 ? folder.slice(0, at) : null;
}

const lastOf = (folder: string) => folder.split(SEPARATOR).filter(Boolean).at(-1) ?? '';

/** `folder` in `parent`, with the separator that the parent is written with. */
export function join(parent: string, folder: string): string {
  const separator = parent.includes('\\') && !parent.includes('/') ? '\\' : '/';
  return parent.replace(/[\\/]+$/, '') + separator + folder;
}
