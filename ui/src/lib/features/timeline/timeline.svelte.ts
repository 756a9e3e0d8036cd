/** The timeline that is shown: what is asked for it, what came, and a plan that somebody is about to move. */
import type { GatheredBy, MoveAnswer, Timestamp, TimelineOf, TimelineView } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { announce, toast } from '$lib/design';
import { Reading } from '$lib/features/frame/reading.svelte';
import type { Session } from '$lib/features/vault/session.svelte';
import { sentenceOf } from '$lib/words/errors';
import { dateText } from '$lib/words/policies';
import { around, DAY, endOf, midnight, SCALES, type Axis } from './axis';
import { stepped } from './moving';
import { refusedText } from './words';

/** So many days are read at once, and a strip has a part for each. */
const DAYS = 1096;
/** Read anew as soon as what is in sight is so near to the end of what was read. */
const SPARE = 60 * DAY;
/** Today goes on, and what is due with it. */
const MINUTE = 60_000;

/** Which part of the timeline is looked at, and how. */
export class Look {
  by = $state<GatheredBy>('kind');
  find = $state('');
  /** The lanes that are shown row by row though they are crowded. */
  open = $state.raw<readonly string[]>([]);
  axis = $state.raw<Axis>(around(Date.now(), SCALES.month, 840));
  #from = Look.#fromAround(Date.now());

  /** What the backend is asked. */
  get asked(): TimelineOf {
    const [from, until] = [this.#from, this.#from + DAYS * DAY];
    return { from, until, lanes: this.by, find: this.find, open: [...this.open], parts: DAYS };
  }

  /** Whether another stretch of time has to be read for what is in sight. */
  leaves(): boolean {
    const [from, end] = [this.axis.from, endOf(this.axis)];
    if (from > this.#from + SPARE && end < this.#from + DAYS * DAY - SPARE) return false;
    const next = Look.#fromAround((from + end) / 2);
    const moved = next !== this.#from;
    this.#from = next;
    return moved;
  }

  static #fromAround(at: Timestamp): Timestamp {
    return midnight(at - (DAYS / 2) * DAY);
  }
}

/** A plan that would be moved. */
export interface Move {
  id: string;
  /** To when. */
  at: Timestamp;
  /** Nothing until the backend has said what comes of it. */
  answer: MoveAnswer | null;
}

export class TimelineState extends Reading<TimelineView> {
  readonly look: Look;
  move = $state.raw<Move | null>(null);
  moving = $state(false);

  constructor(session: Session, look = new Look()) {
    super(session, () => session.backend.ask('read_timeline', look.asked));
    this.look = look;
  }

  override follow(): () => void {
    const { backend } = this.session;
    const read = () => void this.load();
    const stop = [super.follow(), backend.hear('inventory_changed', read)];
    const clock = setInterval(read, MINUTE);
    return () => {
      clearInterval(clock);
      stop.forEach((end) => end());
    };
  }

  /** Shows another part; what is in sight but was not read yet is read. */
  see(axis: Axis): void {
    this.look.axis = axis;
    if (this.look.leaves()) void this.load();
  }

  /** Shows the lanes by something else, or only what has that in its names. */
  ask(asked: { by?: GatheredBy; find?: string }): void {
    if (asked.by && asked.by !== this.look.by) this.look.open = [];
    this.look.by = asked.by ?? this.look.by;
    this.look.find = asked.find ?? this.look.find;
    this.move = null;
    void this.load();
  }

  /** Opens a crowded lane, or makes it a strip again. */
  turn(lane: string): void {
    const { open } = this.look;
    this.look.open = open.includes(lane) ? open.filter((one) => one !== lane) : [...open, lane];
    void this.load();
  }

  /** The row of a credential; less than nothing when it is not among them. */
  rowOf(id: string): number {
    return this.view?.rows.id.indexOf(id) ?? -1;
  }

  /** Asks whether a plan may be moved there, `null` for where its policy has it, and says it. */
  async propose(id: string, to: Timestamp | null): Promise<void> {
    const row = this.rowOf(id);
    const at = to ?? this.view?.rows.planned[row];
    if (row < 0 || typeof at !== 'number') return;
    const asked: Move = { id, at, answer: null };
    this.move = asked;
    try {
      const answer = await this.#ask(id, to, true);
      if (this.move !== asked) return;
      this.move = { id, at: answer.at ?? at, answer };
      announce(this.question(this.move), true);
    } catch (error) {
      if (this.move === asked) this.move = null;
      toast.fail(sentenceOf(asUserError(error)));
    }
  }

  /** A day earlier or later than it is, or than was asked before. */
  async step(row: number, by: 1 | -1): Promise<void> {
    const [view, id] = [this.view, this.view?.rows.id[row]];
    const from = this.move && this.move.id === id ? this.move.at : view?.rows.planned[row];
    if (!view || !id || typeof from !== 'number') return;
    await this.propose(id, stepped(view, row, from, by));
  }

  /** What is asked, or why it cannot be. */
  question({ at, answer }: Move): string {
    const now = this.view?.now ?? Date.now();
    if (answer?.refused) return `Not moved. ${refusedText(answer.refused, now)}`;
    return `Move to ${dateText(at, now)}?`;
  }

  /** Moves the plan as it was asked; says so, and offers the way back. */
  async accept(): Promise<boolean> {
    const { move } = this;
    if (!move?.answer || move.answer.refused || this.moving) return false;
    const row = this.rowOf(move.id);
    const [name, before] = [this.view?.rows.name[row], this.view?.rows.planned[row]];
    const done = await this.#put(move.id, move.at);
    if (!done) return false;
    const undo = () => void this.#put(move.id, before ?? null);
    toast.ok(`${name} is planned for ${dateText(move.at, this.view?.now)}.`, {
      label: 'Undo',
      onselect: undo,
    });
    return true;
  }

  async #put(id: string, to: Timestamp | null): Promise<boolean> {
    this.moving = true;
    try {
      const { refused } = await this.#ask(id, to, false);
      if (refused) toast.fail(refusedText(refused, Date.now()));
      return refused === null;
    } catch (error) {
      toast.fail(sentenceOf(asUserError(error)));
      return false;
    } finally {
      this.move = null;
      this.moving = false;
      await this.load();
    }
  }

  #ask(id: string, to: Timestamp | null, onlyAsk: boolean): Promise<MoveAnswer> {
    const version = this.view?.rows.version[this.rowOf(id)] ?? 0;
    return this.session.backend.ask('move_planned', { id, version, to, onlyAsk });
  }
}
