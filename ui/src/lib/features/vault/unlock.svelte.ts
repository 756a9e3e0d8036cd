/** One vault that somebody wants to unlock: who, by which way, and what came of it. */
import type { KnownVault, SignIn, UnlockKey, UserError, Way } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from './session.svelte';

/** The errors that are about what was typed; they stand at the field. */
const AT_FIELD = ['vault.wrongKey', 'recoveryKey.mistyped', 'recoveryKey.other'];

export class Unlocking {
  vault = $state.raw<KnownVault>() as KnownVault;
  memberId = $state('');
  way = $state<'passphrase' | 'recoveryKey'>('passphrase');
  busy = $state<Way | null>(null);
  /** What is wrong with what was typed. */
  fault = $state<string | undefined>();
  /** What else went wrong. */
  problem = $state.raw<UserError | null>(null);
  /** In how many seconds it can be tried again. */
  wait = $state(0);

  readonly #session: Session;
  #waitUntil = 0;

  constructor(session: Session, vault: KnownVault) {
    this.#session = session;
    this.#take(vault);
    const last = vault.members.find(({ id }) => id === vault.lastMember);
    this.memberId = (last ?? vault.members[0])?.id ?? '';
  }

  get member(): SignIn | undefined {
    return this.vault.members.find(({ id }) => id === this.memberId);
  }

  has(way: Way): boolean {
    return this.member?.ways.includes(way) ?? false;
  }

  /** Invited and not here yet: there is no passphrase so far. */
  get invited(): boolean {
    return this.has('invitation') && !this.has('passphrase');
  }

  /** Counts the waiting down; to be called once a second. */
  tick(): void {
    this.wait = Math.max(0, Math.ceil((this.#waitUntil - Date.now()) / 1000));
  }

  choose(way: 'passphrase' | 'recoveryKey'): void {
    this.way = way;
    this.forgive();
  }

  forgive(): void {
    this.fault = undefined;
    this.problem = null;
  }

  /** Looks again: the disk may be back, the other program closed. */
  async look(): Promise<void> {
    try {
      this.#take(await this.#session.backend.ask('look_at_vault', { folder: this.vault.folder }));
      this.forgive();
    } catch (error) {
      this.vault = { ...this.vault, problem: asUserError(error) };
    }
  }

  async unlock(key: UnlockKey): Promise<boolean> {
    if (this.busy || (this.wait > 0 && key.way !== 'keyRing')) return false;
    this.busy = key.way;
    this.forgive();
    const { folder } = this.vault;
    try {
      const asked = { folder, member: this.memberId, key };
      const session = this.#session;
      session.show(await session.work(() => session.backend.ask('unlock_vault', asked)));
      return true;
    } catch (error) {
      await this.#fail(asUserError(error), key);
      return false;
    } finally {
      this.busy = null;
    }
  }

  async #fail(error: UserError, key: UnlockKey): Promise<void> {
    const mistaken = error.messageKey === 'vault.wrongKey' && key.way === 'recoveryKey';
    const shown: UserError = mistaken ? { ...error, messageKey: 'recoveryKey.other' } : error;
    if (AT_FIELD.includes(shown.messageKey)) {
      const { sentenceOf } = await import('$lib/words/errors');
      this.fault = sentenceOf(shown);
    } else if (error.messageKey !== 'vault.wait') {
      this.problem = error;
    }
    const seconds = Number(error.details['seconds'] ?? 0);
    if (seconds > 0) this.#waitUntil = Date.now() + seconds * 1000;
    else if (shown.messageKey !== 'recoveryKey.mistyped') await this.#lookForWait();
    this.tick();
  }

  /** Wrong tries make the next one wait; how long, the vault says. */
  async #lookForWait(): Promise<void> {
    const { folder } = this.vault;
    const vault = await this.#session.backend.ask('look_at_vault', { folder }).catch(() => null);
    if (vault) this.#waitUntil = vault.waitUntil ?? 0;
  }

  #take(vault: KnownVault): void {
    this.vault = vault;
    this.#waitUntil = vault.waitUntil ?? 0;
    this.tick();
  }
}
