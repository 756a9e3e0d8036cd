/** What was told and is not done, with the runs that need somebody: for the bell and for the centre of notices. */
import type {
  Mute,
  NoticesView,
  NoticeView,
  RunRow,
  Timestamp,
  UndeliveredView,
  WhichNotice,
} from '$lib/bindings';
import type { OpenRuns } from '$lib/features/frame/openRuns.svelte';
import { Reading } from '$lib/features/frame/reading.svelte';
import type { Session } from '$lib/features/vault/session.svelte';

const MINUTE = 60_000;

export class NoticesState extends Reading<NoticesView> {
  /** What words and snoozes go by. */
  moment: Timestamp = $state(Date.now());

  readonly #runs: OpenRuns;

  constructor(session: Session, runs: OpenRuns) {
    super(session, () => session.backend.ask('read_notices'), [
      'notices_changed',
      'inventory_changed',
    ]);
    this.#runs = runs;
  }

  override follow(): () => void {
    const stop = super.follow();
    const ticking = setInterval(() => (this.moment = Date.now()), MINUTE);
    return () => {
      clearInterval(ticking);
      stop();
    };
  }

  /** The runs that need somebody. */
  get stopped(): readonly RunRow[] {
    return this.#runs.rows.filter(({ needsSomebody }) => needsSomebody);
  }

  /** How many have to be acted on now. What is snoozed has not. */
  get needing(): number {
    const { allNow = 0, now = [], undelivered = [] } = this.view ?? {};
    const awake = allNow - now.filter((one) => this.isSnoozed(one)).length;
    return awake + this.stopped.length + undelivered.length;
  }

  /** How many are to be acted on soon. */
  get coming(): number {
    const { allSoon = 0, soon = [] } = this.view ?? {};
    return allSoon - soon.filter((one) => this.isSnoozed(one)).length;
  }

  isSnoozed({ snoozed }: NoticeView): boolean {
    return snoozed !== null && snoozed > this.moment;
  }

  /** What the credential is called; nothing where no notice is about it. */
  nameOf(credential: string): string | undefined {
    const { now = [], soon = [], done = [] } = this.view ?? {};
    return [...now, ...soon, ...done].find((one) => one.credential === credential)?.name;
  }

  // Each of these rejects when nothing changed.

  snooze(notice: NoticeView, until: Timestamp): Promise<void> {
    return this.#change(
      this.session.backend.ask('snooze_notice', { notice: which(notice), until }),
    );
  }

  finish(notices: readonly NoticeView[]): Promise<void> {
    return this.#change(this.session.backend.ask('finish_notices', notices.map(which)));
  }

  /** Messages that could not be sent are sent again, or let go. */
  settleUndelivered(messages: readonly UndeliveredView[], again: boolean): Promise<void> {
    const ids = messages.map(({ id }) => id);
    return this.#change(this.session.backend.ask('settle_undelivered', { ids, again }));
  }

  mute(mute: Mute): Promise<void> {
    return this.#change(this.session.backend.ask('mute_reminders', mute));
  }

  unmute(id: string): Promise<void> {
    return this.#change(this.session.backend.ask('unmute_reminders', { id }));
  }

  protected override show(view: NoticesView): void {
    this.moment = Date.now();
    super.show(view);
  }

  async #change(work: Promise<NoticesView>): Promise<void> {
    this.show(await work);
  }
}

const which = ({ credential, deadline }: NoticeView): WhichNotice => ({ credential, deadline });
