/** The emergencies of the open vault, and the one that is shown. */
import type {
  IncidentPart,
  IncidentsView,
  IncidentTried,
  IncidentView,
  NewIncident,
  ScopeOf,
  Timestamp,
} from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { Reading } from '$lib/features/frame/reading.svelte';
import type { Session } from '$lib/features/vault/session.svelte';

export class IncidentsState extends Reading<IncidentsView> {
  constructor(session: Session) {
    super(session, () => session.backend.ask('list_incidents'));
  }

  /** Finds whose values are in it, and enters it. */
  async open(incident: NewIncident): Promise<string> {
    const { row } = await this.session.backend.ask('open_incident', incident);
    return row.id;
  }
}

const SECOND = 1000;

export class IncidentState extends Reading<IncidentView> {
  /** What deadlines count from. */
  moment: Timestamp = $state(Date.now());
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

  start(typed: string): Promise<void> {
    return this.#done((version) =>
      this.session.backend.ask('start_incident', { id: this.id, version, typed }),
    );
  }

  /** Tries each old value now. */
  async try(): Promise<IncidentTried['tried']> {
    const { tried, incident } = await this.session.backend.ask('try_incident', { id: this.id });
    this.show(incident);
    return tried;
  }

  report(format: string, file: string): Promise<null> {
    return this.session.backend.ask('save_report', { id: this.id, format, file });
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
