/**
 * What is asked of the inventory and what was answered: the question, its order, and the slices of
 * the list that are in sight. One request is under way at a time; the newest question follows it.
 */
import type { Column, CredentialList, Ordering, Row, SavedView, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';

/** Rows come in slices of this size; so many are kept, those nearest to what is in sight. */
const SLICE = 25;
const MOST_SLICES = 48;
/** Read ahead of what is in sight, both ways. */
const AHEAD = 20;
/** Leaps that follow each other as fast as this are a fling: what goes by is not read before it lands. */
const FLING_MS = 100;
/** The most rows of one answer. */
export const MOST_ROWS = 1000;

interface Slice {
  /** Its place among the slices of the list. */
  at: number;
  rows: readonly Row[];
}

/** What is known of the whole list that is shown. */
export interface Answer extends Omit<CredentialList, 'rows' | 'from'> {
  /** Which question it answers; one that is only read again keeps its number. */
  number: number;
  query: string;
  ordering: Ordering;
  /** When it was given: what is due is told from there. */
  at: number;
}

export class Question {
  query = $state('');
  ordering = $state.raw<Ordering>({ by: 'due', descending: false, group: null });
  /** The columns that are not shown. */
  hidden = $state.raw<readonly Column[]>([]);
  /** Nothing until the first answer; then the newest that came. */
  answer = $state.raw<Answer | null>(null);
  loading = $state(false);
  problem = $state.raw<UserError | null>(null);
  /** Somebody did not want to wait any longer. */
  stopped = $state(false);

  /** Where the list was left; not for drawing. */
  place = { top: 0, row: 0, opened: false };

  readonly #session: Session;
  #slices = $state.raw<readonly Slice[]>([]);
  #number = 0;
  #stale = true;
  /** The request that is under way; a later one takes its place when it was given up. */
  #underWay: symbol | null = null;
  #seen = { first: 0, last: 0 };
  /** That, and what is read ahead of it. */
  #sight = { first: 0, last: 0 };
  /** When what was in sight last gave way to something else altogether. */
  #leapt = -Infinity;
  /** Set while rows fly by; it ends the fling. */
  #landing: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, hidden: readonly Column[] = []) {
    this.#session = session;
    this.hidden = hidden;
  }

  /** Reads the list, and reads it again with every change, until the returned function is called. */
  follow(): () => void {
    this.reload();
    return this.#session.backend.hear('inventory_changed', () => this.reload());
  }

  /** Asks something else, from the top. */
  ask(query: string, ordering: Ordering = this.ordering): void {
    this.query = query;
    this.ordering = ordering;
    this.#number += 1;
    // As many as were in sight are read for a new question before it is shown.
    this.#seen = { first: 0, last: this.#seen.last - this.#seen.first };
    this.#sight = this.#seen;
    this.place = { top: 0, row: 0, opened: false };
    this.reload();
  }

  /** Asks what a view keeps; where it says nothing of columns, these are hidden. */
  show(query: string, view: SavedView | undefined, hidden: readonly Column[]): void {
    this.hidden = view?.hidden ?? hidden;
    this.ask(query, view?.ordering);
  }

  /** Asks the same again. What is shown stays until the answer is there. */
  reload(): void {
    this.#stale = true;
    this.loading = true;
    this.stopped = false;
    void this.#next();
  }

  /** Waits no longer: what is shown stays, and what still comes of it is not taken. */
  stop(): void {
    this.#underWay = null;
    this.#stale = false;
    this.loading = false;
    this.stopped = true;
  }

  /** The row at a place, when it is at hand. */
  row(index: number): Row | undefined {
    return this.#slice(Math.floor(index / SLICE))?.rows[index % SLICE];
  }

  get atHand(): readonly Row[] {
    return this.#slices.flatMap(({ rows }) => rows);
  }

  /** Where a credential is among the rows at hand. */
  indexOf(id: string): number | undefined {
    for (const { at, rows } of this.#slices) {
      const found = rows.findIndex((row) => row.id === id);
      if (found >= 0) return at * SLICE + found;
    }
    return undefined;
  }

  /** These rows are in sight: what is missing of them is fetched. */
  see(first: number, last: number): void {
    const now = performance.now();
    const leaps = first > this.#seen.last || last < this.#seen.first;
    const flies = leaps && now - this.#leapt < FLING_MS;
    if (leaps) this.#leapt = now;
    this.#seen = { first, last };
    this.#sight = { first: Math.max(0, first - AHEAD), last: last + AHEAD };
    if (this.#landing !== undefined || flies) {
      clearTimeout(this.#landing);
      this.#landing = setTimeout(() => this.#land(), FLING_MS);
    }
    void this.#next();
  }

  #land(): void {
    this.#landing = undefined;
    void this.#next();
  }

  /** The whole list, or its first thousand rows. */
  everything(): Promise<readonly Row[]> {
    return this.range(0, MOST_ROWS - 1);
  }

  /** The rows from one place of the list to another, a thousand at most; read where they are not at hand. */
  async range(from: number, to: number): Promise<readonly Row[]> {
    const end = Math.min(to + 1, this.answer?.total ?? 0, from + MOST_ROWS);
    const known = Array.from({ length: Math.max(0, end - from) }, (_, at) => this.row(from + at));
    if (known.every((row) => row !== undefined)) return known;
    const { query, ordering } = this;
    return (await this.#read(query, ordering, from, known.length)).rows;
  }

  async #next(): Promise<void> {
    if (this.#underWay) return;
    const wanted = this.#stale ? this.#inSight() : this.#missing();
    if (!wanted) return;
    const request = (this.#underWay = Symbol('request'));
    const whole = this.#stale;
    const number = this.#number;
    this.#stale = false;
    try {
      const { query, ordering } = this;
      const list = await this.#read(query, ordering, wanted.from, wanted.most);
      if (request !== this.#underWay) return;
      if (number === this.#number) this.#take(list, query, ordering, whole);
    } catch (error) {
      if (request !== this.#underWay) return;
      if (number === this.#number) this.problem = asUserError(error);
    }
    this.#underWay = null;
    if (!this.#stale) this.loading = false;
    // A failure is not repeated by itself.
    if (this.#stale || !this.problem) await this.#next();
  }

  #read(query: string, ordering: Ordering, from: number, most: number): Promise<CredentialList> {
    return this.#session.backend.ask('list_credentials', { query, ordering, from, most });
  }

  #take(
    { rows, from, ...list }: CredentialList,
    query: string,
    ordering: Ordering,
    whole: boolean,
  ): void {
    const fresh: Slice[] = [];
    for (let at = 0; at < rows.length; at += SLICE) {
      fresh.push({ at: Math.floor((from + at) / SLICE), rows: rows.slice(at, at + SLICE) });
    }
    const middle = (this.#sight.first + this.#sight.last) / 2 / SLICE;
    const far = (slice: Slice) => Math.abs(slice.at - middle);
    this.#slices = [...fresh, ...(whole ? [] : this.#slices)]
      .sort((a, b) => far(a) - far(b))
      .slice(0, MOST_SLICES);
    if (whole) this.answer = { ...list, number: this.#number, query, ordering, at: Date.now() };
    this.problem = null;
  }

  #slice(at: number): Slice | undefined {
    return this.#slices.find((slice) => slice.at === at);
  }

  #inSight(): { from: number; most: number } {
    const from = Math.floor(this.#sight.first / SLICE) * SLICE;
    const end = (Math.floor(this.#sight.last / SLICE) + 1) * SLICE;
    return { from, most: Math.min(end - from, MOST_ROWS) };
  }

  /** The slices in sight that are not at hand, as one range. */
  #missing(): { from: number; most: number } | null {
    if (this.#landing !== undefined) return null;
    const last = Math.min(this.#sight.last, (this.answer?.total ?? 0) - 1);
    const slices: number[] = [];
    for (let slice = Math.floor(this.#sight.first / SLICE); slice * SLICE <= last; slice += 1) {
      if (!this.#slice(slice)) slices.push(slice);
    }
    const [from, to] = [slices[0], slices.at(-1)];
    if (from === undefined || to === undefined) return null;
    return { from: from * SLICE, most: Math.min((to - from + 1) * SLICE, MOST_ROWS) };
  }
}
