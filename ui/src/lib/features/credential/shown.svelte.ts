/** The one value that is on the screen, for as long as it may be there. */
import type { Revealed, ValueOf } from '$lib/bindings';
import { announce } from '$lib/design';
import type { Taking } from './taking.svelte';

const TICK_MS = 250;

export class Shown {
  value = $state.raw<string | null>(null);
  /** Of which version; the current one when none is named. */
  number = $state<number | null>(null);
  field = $state('');
  /** Until it is hidden. */
  seconds = $state(0);

  readonly #taking: Taking;
  #until = 0;
  #clock: ReturnType<typeof setInterval> | undefined;
  #turn = 0;
  /** Another window has the focus. */
  #away = false;

  constructor(taking: Taking) {
    this.#taking = taking;
  }

  is(number: number | null, field: string): boolean {
    return this.value !== null && this.number === number && this.field === field;
  }

  async reveal(id: string, number: number | null, field: string, name: string): Promise<void> {
    this.hide();
    this.number = number;
    this.field = field;
    const value: ValueOf = { id, number, field, passphrase: null };
    await this.show(name, () => this.#taking.reveal(value));
  }

  /** Whatever was on the screen before is hidden. */
  async show(name: string, take: () => Promise<Revealed | null>): Promise<void> {
    this.hide();
    const turn = this.#turn;
    const revealed = await take();
    if (!revealed || turn !== this.#turn || this.#away || document.hidden) return;
    this.value = revealed.value;
    this.#until = revealed.until;
    this.#clock = setInterval(() => this.#count(), TICK_MS);
    this.#count();
    // That it is there, never what it is.
    if (this.value !== null) announce(`${name} is shown.`);
  }

  hide(): void {
    this.#turn += 1;
    clearInterval(this.#clock);
    if (this.value === null) return;
    this.value = null;
    announce('Hidden.');
  }

  /** Hides it when nobody looks any more, until the returned function is called, which hides it too. */
  watch(): () => void {
    const leaving = new AbortController();
    // While the passphrase is asked for, somebody may fetch it from another window.
    const away = () => this.value !== null && this.hide();
    const turn = (isAway: boolean) => () => {
      this.#away = isAway;
      if (isAway) away();
    };
    window.addEventListener('blur', turn(true), leaving);
    window.addEventListener('focus', turn(false), leaving);
    document.addEventListener('visibilitychange', () => document.hidden && away(), leaving);
    return () => {
      leaving.abort();
      this.hide();
    };
  }

  #count(): void {
    this.seconds = Math.ceil((this.#until - Date.now()) / 1000);
    if (this.seconds <= 0) this.hide();
  }
}
