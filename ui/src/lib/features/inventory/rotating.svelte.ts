/** Before many credentials are rotated: each is looked at, a few at a time, and nothing is changed. */
import type { PlanView, Row } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';
import { wordsOf } from '$lib/words/errors';
import { count } from '$lib/words/times';

/** So many are looked at, or begun, side by side. */
const AT_ONCE = 4;

/** One that was looked at. */
interface Looked {
  row: Row;
  plan: PlanView | null;
  /** Why it is not rotated along with the others; nothing when it can be. */
  reason: string | null;
}

export class Plans {
  looked = $state.raw<readonly Looked[]>([]);

  readonly #session: Session;
  readonly #rows: readonly Row[];
  #stopped = false;

  constructor(session: Session, rows: readonly Row[]) {
    this.#session = session;
    this.#rows = rows;
  }

  get total(): number {
    return this.#rows.length;
  }

  get looking(): boolean {
    return this.looked.length < this.total;
  }

  get ready(): readonly Looked[] {
    return this.looked.filter(({ reason }) => reason === null);
  }

  /** Those that are left out, by what speaks against them. */
  get refused(): readonly { reason: string; names: readonly string[] }[] {
    const reasons = this.looked.flatMap(({ reason }) => (reason === null ? [] : [reason]));
    const each = reasons.filter((reason, at) => reasons.indexOf(reason) === at);
    return each.map((reason) => {
      const those = this.looked.filter((looked) => looked.reason === reason);
      return { reason, names: those.map(({ row }) => row.name) };
    });
  }

  /** So many of those that are ready are outside the maintenance window of their policy. */
  get early(): number {
    return this.ready.filter(({ plan }) => plan !== null && plan.windowOpens !== null).length;
  }

  /** Looks at all of them; what was not begun yet when it is stopped is not looked at. */
  look(): () => void {
    void inTurn(this.#rows, async (row) => {
      if (!this.#stopped) await this.#look(row);
    });
    return () => (this.#stopped = true);
  }

  async #look(row: Row): Promise<void> {
    let looked: Looked;
    try {
      const wanted = { credential: row.id, consent: false };
      const plan = await this.#session.backend.ask('plan_rotation', wanted);
      looked = { row, plan, reason: against(plan) };
    } catch (error) {
      looked = { row, plan: null, reason: wordsOf(asUserError(error)).title };
    }
    this.looked = [...this.looked, looked];
  }
}

/** What speaks against a plan. */
function against(plan: PlanView): string | null {
  const bad = ({ found }: PlanView['checks'][number]) => found === 'bad' || found === 'unanswered';
  const failed = plan.checks.filter((check) => check.what !== 'consent' && bad(check)).length;
  if (failed > 0) return `${count(failed, 'check')} did not pass`;
  return plan.needsConsent ? 'Its old key stops working first: it needs your word' : null;
}

/** Does something for each, a few at a time. */
export async function inTurn<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = [...all];
  const next = async () => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}
