/** The dependency map of the open vault: how it is to be shown, what is chosen in it, and what that reaches. */
import type { BlastRadius, GatheredBy, MapOf, MapPicture, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { Reading } from '$lib/features/frame/reading.svelte';
import type { Session } from '$lib/features/vault/session.svelte';
import { credentialsOf } from './path';
import type { Target } from './pointer';
import { of, shapeOf, type Shape } from './shape';

/** More nodes than this are gathered, until somebody wants each. */
const MANY = 300;

/** What is chosen, named so that it is found again when the map is read anew. */
type Chosen = { key: string } | { from: string; to: string };

export class MapState {
  showing = $state.raw<MapOf>({ group: null, open: [], hide: [] });
  chosen = $state.raw<Chosen | null>(null);
  /** What is looked for. */
  sought = $state('');
  /** Whom a rotation of what is chosen reaches; of what was chosen before until it was read. */
  radius = $state.raw<BlastRadius | null>(null);
  radiusProblem = $state.raw<UserError | null>(null);

  readonly reading: Reading<MapPicture>;
  readonly shape = $derived.by((): Shape | null => {
    const { view } = this.reading;
    return view && shapeOf(view);
  });
  readonly #session: Session;
  /** Whether it is known how it is to be gathered. */
  #decided = false;
  #asked = 0;

  constructor(session: Session) {
    this.#session = session;
    this.reading = new Reading(session, () => this.#read());
  }

  /** Reads it, and again with every change, until it is ended. */
  follow(): () => void {
    const stops = [
      this.reading.follow(),
      this.#session.backend.hear('inventory_changed', () => void this.reading.load()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Gathered it is small however much there is; what turns out to be little is shown node by node. */
  async #read(): Promise<MapPicture> {
    const { backend } = this.#session;
    if (this.#decided) return backend.ask('read_map', this.showing);
    const gathered = await backend.ask('read_map', { ...this.showing, group: 'owner' });
    // Meanwhile somebody may have chosen.
    if (this.#decided) return backend.ask('read_map', this.showing);
    this.#decided = true;
    if (sizeOf(gathered) <= MANY) return backend.ask('read_map', this.showing);
    this.showing = { ...this.showing, group: 'owner' };
    return gathered;
  }

  async show(part: Partial<MapOf>): Promise<void> {
    this.#decided = true;
    this.showing = { ...this.showing, ...part };
    await this.reading.load();
  }

  gather(group: GatheredBy | null): Promise<void> {
    return this.show({ group, open: [] });
  }

  /** Shows a group node by node. */
  open(key: string): Promise<void> {
    const word = key.slice(key.indexOf(':') + 1);
    return this.show({ open: [...this.showing.open, word] });
  }

  hide(environment: string): Promise<void> {
    return this.show({ hide: [...this.showing.hide, environment] });
  }

  unhide(environment: string): Promise<void> {
    return this.show({ hide: this.showing.hide.filter((one) => one !== environment) });
  }

  /** Where what is chosen is in the picture; nothing when it is not in it any more. */
  get target(): Target {
    const [chosen, shape] = [this.chosen, this.shape];
    if (!chosen || !shape) return null;
    if ('key' in chosen) {
      const node = shape.at.get(chosen.key);
      return node === undefined ? null : { node };
    }
    const [from, to] = [shape.at.get(chosen.from), shape.at.get(chosen.to)];
    const edge = shape.from.findIndex((begin, edge) => begin === from && of(shape.to, edge) === to);
    return edge < 0 ? null : { edge };
  }

  choose(target: Target): void {
    const keys = this.shape?.picture.nodes.key ?? [];
    const keyOf = (node: number | undefined) => keys[node ?? -1] ?? '';
    if (!target || !this.shape) this.chosen = null;
    else if ('node' in target) this.chosen = { key: keyOf(target.node) };
    else {
      const { from, to } = this.shape;
      this.chosen = { from: keyOf(from[target.edge]), to: keyOf(to[target.edge]) };
    }
    void this.readRadius();
  }

  /** Whom a rotation of what is chosen reaches; a consumer and a link threaten nobody. */
  async readRadius(): Promise<void> {
    const asked = ++this.#asked;
    const [target, shape] = [this.target, this.shape];
    if (
      !shape ||
      !target ||
      !('node' in target) ||
      credentialsOf(shape, target.node).length === 0
    ) {
      this.radius = null;
      return;
    }
    const { group } = this.showing;
    const keys = [shape.picture.nodes.key[target.node] ?? ''];
    try {
      const radius = await this.#session.backend.ask('read_radius', {
        keys,
        group,
        threat: 'rotate',
      });
      if (asked !== this.#asked) return;
      this.radius = radius;
      this.radiusProblem = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.radius = null;
      this.radiusProblem = asUserError(error);
    }
  }

  /** The nodes whose names have what is looked for, from the top of each column; nothing while nobody looks. */
  readonly found = $derived.by((): readonly number[] | null => {
    const [shape, sought] = [this.shape, this.sought.trim().toLowerCase()];
    if (!shape || !sought) return null;
    const { name } = shape.picture.nodes;
    const fits = (node: number) => name[node]?.toLowerCase().includes(sought) ?? false;
    // A reload has the name of its consumer.
    return shape.columns.slice(0, 3).flatMap((column) => [...column].filter(fits));
  });
}

/** So many nodes there would be if nothing were gathered. */
const sizeOf = ({ nodes }: MapPicture): number =>
  nodes.column.reduce((sum, column, node) => sum + (column === 0 ? 1 : of(nodes.count, node)), 0);
