/** What a rotation would do, looked at for real and without changing anything; and its beginning. */
import type { CheckView, PlanView, UserError } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import type { Session } from '$lib/features/vault/session.svelte';
import { count } from '$lib/words/times';

export class Plan {
  view = $state.raw<PlanView | null>(null);
  problem = $state.raw<UserError | null>(null);
  looking = $state(false);
  beginning = $state(false);
  /** A person agrees that the old key dies before the new one is delivered. */
  consent = $state(false);

  readonly #session: Session;
  readonly #credential: string;

  constructor(session: Session, credential: string) {
    this.#session = session;
    this.#credential = credential;
  }

  /** What was looked at; consent has a switch of its own. */
  get checks(): readonly CheckView[] {
    return (this.view?.checks ?? []).filter(({ what }) => what !== 'consent');
  }

  /** So many checks did not pass. */
  get failed(): number {
    return this.checks.filter(({ found }) => found === 'bad' || found === 'unanswered').length;
  }

  /** Why it cannot begin; nothing when it can. */
  get reason(): string | undefined {
    if (!this.view && this.problem) return 'There is no plan yet.';
    if (!this.view || this.looking) return 'Wait until everything is looked at.';
    if (this.failed > 0) {
      return `${count(this.failed, 'check')} did not pass. Mend the cause, then look again.`;
    }
    if (this.view.needsConsent && !this.consent) return 'Agree to the plan first.';
    return undefined;
  }

  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    this.problem = null;
    try {
      const wanted = { credential: this.#credential, consent: this.consent };
      this.view = await this.#session.backend.ask('plan_rotation', wanted);
    } catch (error) {
      this.view = null;
      this.problem = asUserError(error);
    } finally {
      this.looking = false;
    }
  }

  /** Which run it is; nothing when it was refused. */
  async begin(): Promise<string | null> {
    if (this.beginning) return null;
    this.beginning = true;
    this.problem = null;
    try {
      const wanted = { credential: this.#credential, consent: this.consent };
      return (await this.#session.backend.ask('begin_rotation', wanted)).row.id;
    } catch (error) {
      this.problem = asUserError(error);
      return null;
    } finally {
      this.beginning = false;
    }
  }
}
