/** The lines of the table: the rows, and where they are grouped a heading before each group. */
import type { Group } from '$lib/bindings';

export class Lines {
  readonly count: number;
  readonly #groups: readonly Group[];
  /** The first row of each group. */
  readonly #starts: number[] = [];

  constructor(total: number, groups: readonly Group[]) {
    this.count = total + groups.length;
    this.#groups = groups;
    let start = 0;
    for (const { count } of groups) {
      this.#starts.push(start);
      start += count;
    }
  }

  /** The row of a line; none where it is a heading. */
  row(line: number): number | undefined {
    if (this.#groups.length === 0) return line;
    const group = this.#groupAt(line, (index) => index);
    return this.#headingOf(group) === line ? undefined : line - group - 1;
  }

  /** The group whose heading a line is. */
  heading(line: number): Group | undefined {
    const group = this.#groupAt(line, (index) => index);
    return this.#headingOf(group) === line ? this.#groups[group] : undefined;
  }

  /** The line of a row. */
  line(row: number): number {
    return this.#groups.length === 0 ? row : row + this.#groupAt(row, () => 0) + 1;
  }

  /** The first row at or after a line. */
  rowFrom(line: number): number {
    return this.row(line) ?? this.row(line + 1) ?? line;
  }

  #headingOf(group: number): number | undefined {
    const start = this.#starts[group];
    return start === undefined ? undefined : start + group;
  }

  /** The last group that starts at or before a place; `shift` counts the headings in. */
  #groupAt(place: number, shift: (group: number) => number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) + shift(middle) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
