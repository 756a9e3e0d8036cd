/** The emergencies of the open vault, and the one that is shown. */
import { SvelteMap } from 'svelte/reactivity';
import type {
  IncidentPart,
  IncidentRow,
  IncidentsView,
  IncidentView,
  NewIncident,
  OldTried,
  ScopeOf,
  Timestamp,
  UserError,
} from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { toast } from '$lib/design';
import { Reading } from '$lib/features/frame/reading.svelte';
import type { Session } from '$lib/features/vault/session.svelte';
import { fileOf, type ReportFormat } from '$lib/words/emergency';
import { sentenceOf } from '$lib/words/errors';

export class IncidentsState extends Reading<IncidentsView> {
  /** @param open only those that are not over: reading all of them takes long in the course of years */
  constructor(session: Session, open: boolean) {
    super(session, () => session.backend.ask('list_incidents', { open }));
  }

  get open(): readonly IncidentRow[] {
    return this.view?.incidents.filter(({ closed }) => closed === null) ?? [];
  }

  get closed(): readonly IncidentRow[] {
    return this.view?.incidents.filter(({ closed }) => closed !== null) ?? [];
  }

  /** The one that stands in the top bar: what was started comes before what was only looked at. */
  get current(): IncidentRow | null {
    return this.open.find(({ started }) => started !== null) ?? this.open[0] ?? null;
  }

  /** Finds whose values are in it, and enters it. */
  async enter(incident: NewIncident): Promise<string> {
    const { backend } = this.session;
    const { row } = await this.session.work(() => backend.ask('open_incident', incident));
    return row.id;
  }
}

/** What came of looking at how a credential would be rotated. */
export interface Rehearsal {
  /** So many checks did not pass. */
  failed: number;
  problem: UserError | null;
}

const SECOND = 1000;
/** So many are looked at together. */
const AT_ONCE = 4;

export class IncidentState extends Reading<IncidentView> {
  /** What deadlines count from. */
  moment: Timestamp = $state(Date.now());
  /** What came of the last attempt with each old value; nothing before it was made. */
  tried = $state.raw<readonly OldTried[] | null>(null);
  gone = $state(false);
  rehearsing = $state(false);
  readonly rehearsed = new SvelteMap<string, Rehearsal>();
  readonly id: string;

  constructor(session: Session, id: string) {
    super(session, () => session.backend.ask('read_incident', { id }));
    this.id = id;
  }

  override follow(): () => void {
    const stop = super.follow();
    const ticking = setInterval(() => (this.moment = Date.now()), SECOND);
    return () => {
      clearInterval(ticking);
      stop();
    };
  }

  // Each of these rejects when nothing changed; somebody else's change is shown then.

  change(change: IncidentPart): Promise<void> {
    return this.#done((version) =>
      this.session.backend.ask('change_incident', { id: this.id, version, change }),
    );
  }

  add(scope: ScopeOf): Promise<void> {
    return this.#done((version) =>
      this.session.backend.ask('add_to_incident', { id: this.id, version, scope }),
    );
  }

  /** Somebody's word that an old value is refused. */
  say(credential: string): Promise<void> {
    return this.#tell({ of: 'said', credential });
  }

  /** Takes in all that was found. */
  takeAll(): Promise<void> {
    return this.#tell({ of: 'everything' });
  }

  start(typed: string): Promise<void> {
    return this.#done((version) =>
      this.session.backend.ask('start_incident', { id: this.id, version, typed }),
    );
  }

  /** Tries each old value now. */
  async try(): Promise<void> {
    const { tried, incident } = await this.session.backend.ask('try_incident', { id: this.id });
    this.tried = tried;
    this.show(incident);
  }

  /** Asks issuers and consumers whether it would go well. Nothing is changed. */
  async rehearse(): Promise<void> {
    if (this.rehearsing) return;
    this.rehearsing = true;
    this.rehearsed.clear();
    const left = this.view?.items.filter(({ taken, plan }) => taken && plan !== null) ?? [];
    const look = async () => {
      for (let item = left.shift(); item; item = left.shift()) {
        this.rehearsed.set(item.credential, await this.#rehearseOne(item.credential));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, look));
    this.rehearsing = false;
  }

  /** Which file was written; nothing when none was chosen. */
  async report(format: ReportFormat): Promise<string | null> {
    const { backend } = this.session;
    const suggested = fileOf(this.view?.row.reference ?? '', format);
    const file = await backend.ask('ask_for_place', { purpose: 'report', suggested });
    if (file !== null) await backend.ask('save_report', { id: this.id, format, file });
    return file;
  }

  protected override fail(error: UserError): void {
    if (error.messageKey === 'incident.gone') this.gone = true;
    else super.fail(error);
  }

  async #tell(change: IncidentPart): Promise<void> {
    try {
      await this.change(change);
    } catch (error) {
      toast.fail(sentenceOf(asUserError(error)));
    }
  }

  async #rehearseOne(credential: string): Promise<Rehearsal> {
    try {
      const wanted = { credential, consent: true };
      const { checks } = await this.session.backend.ask('plan_rotation', wanted);
      const bad = checks.filter(({ found }) => found === 'bad' || found === 'unanswered');
      return { failed: bad.length, problem: null };
    } catch (error) {
      return { failed: 0, problem: asUserError(error) };
    }
  }

  async #done(work: (version: number) => Promise<IncidentView>): Promise<void> {
    try {
      this.show(await work(this.view?.version ?? 0));
    } catch (error) {
      if (asUserError(error).messageKey === 'vault.changed') await this.load();
      throw error;
    }
  }
}
