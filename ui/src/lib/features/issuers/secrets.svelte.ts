/** Secrets that are typed into a form; of those that are kept only the names are known. */
import { SvelteMap } from 'svelte/reactivity';
import type { Typed } from '$lib/bindings';

export class TypedSecrets {
  readonly #kept: readonly string[];
  /** An empty one is to go. */
  readonly #typed = new SvelteMap<string, Typed>();

  constructor(kept: readonly string[]) {
    this.#kept = kept;
  }

  get any(): boolean {
    return this.#typed.size > 0;
  }

  isKept(name: string): boolean {
    return this.#kept.includes(name) && !this.#typed.has(name);
  }

  isRemoved(name: string): boolean {
    return this.#typed.get(name) === '';
  }

  typed(name: string): string {
    return this.#typed.get(name) ?? '';
  }

  /** What was typed and taken back leaves what is kept as it is. */
  type(name: string, text: string): void {
    if (text) this.#typed.set(name, text);
    else if (!this.isRemoved(name)) this.#typed.delete(name);
  }

  remove(name: string): void {
    this.#typed.set(name, '');
  }

  /** What is to be saved: of these names, those that were typed or removed. */
  of(names: readonly string[]): Record<string, Typed> {
    return Object.fromEntries([...this.#typed].filter(([name]) => names.includes(name)));
  }

  forget(): void {
    this.#typed.clear();
  }
}
