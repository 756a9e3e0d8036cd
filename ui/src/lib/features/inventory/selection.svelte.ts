/** The credentials that are ticked, to do something to all of them. */
import type { Row } from '$lib/bindings';

export class Selection {
  /** In the order in which they were ticked. */
  rows = $state.raw<readonly Row[]>([]);

  /** A range grows from here, and from what was ticked then. */
  #anchor = 0;
  #before: readonly Row[] = [];
  /** The newest range: the rows of one that is read later than it are not taken. */
  #newest = 0;

  get size(): number {
    return this.rows.length;
  }

  get ids(): string[] {
    return this.rows.map((row) => row.id);
  }

  has(id: string): boolean {
    return this.rows.some((row) => row.id === id);
  }

  /** From here a range will grow. */
  begin(index: number): void {
    this.#newest += 1;
    this.#anchor = index;
    this.#before = this.rows;
  }

  toggle(row: Row, index: number): void {
    this.rows = this.has(row.id)
      ? this.rows.filter(({ id }) => id !== row.id)
      : [...this.rows, row];
    this.begin(index);
  }

  /** Ticks everything from where the range began to `index`, also what has to be read first. */
  async extend(
    index: number,
    range: (from: number, to: number) => Promise<readonly Row[]>,
  ): Promise<void> {
    const newest = ++this.#newest;
    const rows = await range(Math.min(this.#anchor, index), Math.max(this.#anchor, index));
    if (newest !== this.#newest) return;
    const before = this.#before;
    this.rows = [...before, ...rows.filter(({ id }) => !before.some((row) => row.id === id))];
  }

  /** What is ticked is what the list shows of it now. */
  renew(atHand: readonly Row[]): void {
    const now = (row: Row) => atHand.find(({ id }) => id === row.id) ?? row;
    if (this.rows.every((row) => now(row) === row)) return;
    this.rows = this.rows.map(now);
    this.#before = this.#before.map(now);
  }

  set(rows: readonly Row[]): void {
    this.#newest += 1;
    this.rows = rows;
    this.#before = rows;
  }

  clear(): void {
    this.set([]);
  }
}
