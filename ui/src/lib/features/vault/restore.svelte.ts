/** A backup that becomes a vault again, at a new place. */
import type { ClosedBackup, SignIn, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { sentenceOf } from '$lib/words/errors';
import { join } from './create.svelte';
import type { Session } from './session.svelte';

type Field = 'key' | 'folder';

export class Restoring {
  file = $state<string | null>(null);
  backup = $state.raw<ClosedBackup | null>(null);
  memberId = $state('');
  way = $state<'passphrase' | 'recoveryKey'>('passphrase');
  folder = $state('');
  busy = $state<'look' | 'restore' | null>(null);
  faults = $state<Partial<Record<Field, string>>>({});
  problem = $state.raw<UserError | null>(null);

  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  get member(): SignIn | undefined {
    return this.backup?.members.find(({ id }) => id === this.memberId);
  }

  async chooseFile(): Promise<void> {
    const { backend } = this.#session;
    await this.#run('look', async () => {
      const asked = { purpose: 'backup', suggested: this.file } as const;
      const file = await backend.ask('ask_for_place', asked);
      if (file === null) return;
      const backup = await backend.ask('look_at_backup', { file });
      this.file = file;
      this.backup = backup;
      this.memberId = backup.members[0]?.id ?? '';
      const { name } = backup;
      this.folder = await backend.ask('suggest_place', { name }).catch(() => '');
    });
  }

  async choosePlace(): Promise<void> {
    const asked = { purpose: 'parent', suggested: null } as const;
    try {
      const parent = await this.#session.backend.ask('ask_for_place', asked);
      if (parent === null) return;
      const own = this.folder.split(/[\\/]/).filter(Boolean).at(-1);
      this.folder = join(parent, own ?? `${this.backup?.name ?? 'restored'}.vault`);
      delete this.faults.folder;
    } catch (error) {
      this.problem = asUserError(error);
    }
  }

  async restore(secret: string): Promise<boolean> {
    const { file, memberId: member, way } = this;
    const folder = this.folder.trim();
    this.faults = {};
    if (folder === '') this.faults.folder = 'Choose where the vault will be.';
    if (secret === '') this.faults.key = 'Type it as it was at the time of the backup.';
    if (file === null || this.faults.folder || this.faults.key) return false;
    const asked = { file, folder, member, key: { way, secret } };
    return this.#run('restore', async () => {
      const session = this.#session;
      session.show(await session.work(() => session.backend.ask('restore_backup', asked)));
    });
  }

  async #run(what: 'look' | 'restore', work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = what;
    this.problem = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.#fail(asUserError(thrown));
      return false;
    } finally {
      this.busy = null;
    }
  }

  #fail(error: UserError): void {
    const { messageKey } = error;
    if (['vault.taken', 'file.taken'].includes(messageKey)) this.faults.folder = sentenceOf(error);
    else if (messageKey === 'vault.wrongKey') {
      this.faults.key =
        this.way === 'passphrase'
          ? "That passphrase doesn't open this backup. Nothing was restored. Take the one that was in force when the backup was made, or the recovery key of then."
          : "That recovery key doesn't open this backup. Nothing was restored. Take the one that was in force when the backup was made.";
    } else if (messageKey.startsWith('recoveryKey.')) this.faults.key = sentenceOf(error);
    else this.problem = error;
  }
}
