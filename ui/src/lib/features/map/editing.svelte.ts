/** Links that are made, changed and taken away in the map: which form is open, and for what. */
import type { BindingView, Kind } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { toast } from '$lib/design';
import { ConsumersState } from '$lib/features/consumers/consumers.svelte';
import type { Session } from '$lib/features/vault/session.svelte';
import { sentenceOf } from '$lib/words/errors';
import { of, type Shape } from './shape';

export interface NamedCredential {
  id: string;
  name: string;
  kind: Kind;
}

interface Named {
  id: string;
  name: string;
}

/** What a node's key names, beside its sort. */
export const idOf = (key: string): string => key.slice(key.indexOf(':') + 1);

export class Editing {
  /** The form of a binding: a new one, or one that is there. */
  binding = $state.raw<{
    credential: NamedCredential;
    consumer?: string | undefined;
    binding?: BindingView | undefined;
  } | null>(null);
  /** A consumer whose credential is to be chosen, and those there are. */
  choosing = $state.raw<{ consumer: Named; credentials: readonly NamedCredential[] } | null>(null);
  /** A binding that is to be taken away when somebody agrees. */
  removing = $state.raw<BindingView | null>(null);

  readonly consumers: ConsumersState;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.consumers = new ConsumersState(session);
  }

  bind(shape: Shape, credential: number, consumer?: number): void {
    const named = credentialAt(shape, credential);
    const key = shape.picture.nodes.key[consumer ?? -1];
    if (named) this.binding = { credential: named, consumer: key && idOf(key) };
  }

  /** Which credential a consumer uses: of all there are, also where a group stands for them. */
  async choose(consumer: Named): Promise<void> {
    try {
      const whole = { group: null, open: [], hide: [] };
      const { nodes } = await this.#session.backend.ask('read_map', whole);
      const credentials = nodes.key.flatMap((key, node) => {
        const kind = nodes.kind[node];
        return key.startsWith('credential:') && kind
          ? [{ id: idOf(key), name: nodes.name[node] ?? '', kind }]
          : [];
      });
      this.choosing = { consumer, credentials };
    } catch (error) {
      toast.fail(sentenceOf(asUserError(error)));
    }
  }

  async change(shape: Shape, edge: number): Promise<void> {
    const credential = credentialAt(shape, of(shape.from, edge));
    const binding = await this.#bindingOf(shape, edge);
    if (credential && binding) this.binding = { credential, binding };
  }

  async remove(shape: Shape, edge: number): Promise<void> {
    this.removing = await this.#bindingOf(shape, edge);
  }

  /** The binding that a link stands for; nothing where it stands for several. */
  async #bindingOf(shape: Shape, edge: number): Promise<BindingView | null> {
    const { key } = shape.picture.nodes;
    const [from, to] = [key[of(shape.from, edge)] ?? '', key[of(shape.to, edge)] ?? ''];
    await this.consumers.load();
    if (this.consumers.problem) {
      toast.fail(sentenceOf(this.consumers.problem));
      return null;
    }
    const bindings = this.consumers.find(idOf(to))?.bindings ?? [];
    const found = bindings.find(({ credential }) => credential === idOf(from));
    if (!found) toast.info('This binding is not there any more, or cannot be read here.');
    return found ?? null;
  }
}

/** A credential that a node stands for alone. */
export function credentialAt({ picture: { nodes } }: Shape, node: number): NamedCredential | null {
  const [key, kind] = [nodes.key[node] ?? '', nodes.kind[node]];
  if (!key.startsWith('credential:') || !kind) return null;
  return { id: idOf(key), name: nodes.name[node] ?? '', kind };
}

/** Whether a link is one binding, so that it can be changed here. */
export function isBinding({ picture: { nodes }, from, to }: Shape, edge: number): boolean {
  const is = (node: number, sort: string) => nodes.key[node]?.startsWith(`${sort}:`) ?? false;
  return is(of(from, edge), 'credential') && is(of(to, edge), 'consumer');
}
