/*
 * Messages that pass: what was done, often with a way back. Our own instead of svelte-sonner: that
 * one nests live regions (read twice), cannot announce failures assertively, and weighs 30 kB.
 *
 * `announce` is the one voice of the window: polite texts leave at least five seconds between each
 * other, failures speak at once.
 */
export type ToastTone = 'ok' | 'info' | 'fail';

export interface ToastAction {
  label: string;
  onselect: () => void;
}

export interface Toast {
  readonly id: number;
  readonly tone: ToastTone;
  readonly text: string;
  readonly action?: ToastAction | undefined;
}

const STAY_MS = 6_000;
const STAY_WITH_ACTION_MS = 12_000;
const POLITE_GAP_MS = 5_000;
const MOST_VISIBLE = 4;

class Messages {
  visible = $state<Toast[]>([]);
  polite = $state('');
  assertive = $state('');

  #lastId = 0;
  #waiting: string[] = [];
  #gap: ReturnType<typeof setTimeout> | undefined;
  #leaving = new Map<number, ReturnType<typeof setTimeout>>();

  show(tone: ToastTone, text: string, action?: ToastAction): number {
    const id = ++this.#lastId;
    this.visible.push({ id, tone, text, action });
    while (this.visible.length > MOST_VISIBLE) this.close(this.#mostDispensable());
    this.#leaveLater(id);
    this.announce(text, tone === 'fail');
    return id;
  }

  close(id: number): void {
    clearTimeout(this.#leaving.get(id));
    this.#leaving.delete(id);
    this.visible = this.visible.filter((toast) => toast.id !== id);
  }

  clear(): void {
    for (const toast of this.visible) this.close(toast.id);
    clearTimeout(this.#gap);
    this.#gap = undefined;
    this.#waiting = [];
    this.polite = '';
    this.assertive = '';
  }

  /** While someone reads or points, nothing leaves. */
  hold(): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
  }

  release(): void {
    for (const toast of this.visible) this.#leaveLater(toast.id);
  }

  announce(text: string, urgent = false): void {
    if (urgent) {
      this.assertive = text;
      return;
    }
    this.#waiting.push(text);
    if (this.#gap === undefined) this.#speak();
  }

  #speak(): void {
    const text = this.#waiting.splice(0).join(' ');
    this.polite = text;
    this.#gap = text ? setTimeout(() => this.#speak(), POLITE_GAP_MS) : undefined;
  }

  /** Failures stay until someone closes them. */
  #leaveLater(id: number): void {
    const toast = this.visible.find((one) => one.id === id);
    if (!toast || toast.tone === 'fail' || this.#leaving.has(id)) return;
    const stay = toast.action ? STAY_WITH_ACTION_MS : STAY_MS;
    this.#leaving.set(
      id,
      setTimeout(() => this.close(id), stay),
    );
  }

  #mostDispensable(): number {
    const toast = this.visible.find((one) => one.tone !== 'fail') ?? this.visible[0];
    return toast?.id ?? 0;
  }
}

export const messages = new Messages();

export const toast = {
  ok: (text: string, action?: ToastAction): number => messages.show('ok', text, action),
  info: (text: string, action?: ToastAction): number => messages.show('info', text, action),
  /** Stays until closed and is announced at once. */
  fail: (text: string, action?: ToastAction): number => messages.show('fail', text, action),
  close: (id: number): void => messages.close(id),
  /** On lock: no text may stay behind. */
  clear: (): void => messages.clear(),
};

/** Says something to screen readers without showing it. */
export const announce = (text: string, urgent = false): void => messages.announce(text, urgent);
