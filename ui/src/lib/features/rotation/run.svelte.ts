/** One run as it goes on, and what is asked of it. */
import type { Kind, PastedValue, RunView, UserError, Wish } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { announce, toast } from '$lib/design';
import { Reading } from '$lib/features/frame/reading.svelte';
import type { Session } from '$lib/features/vault/session.svelte';
import { sentenceOf } from '$lib/words/errors';
import { runStatus, stepDoing } from '$lib/words/rotation';

/** What a person hands in: by what the issuer knows it, and its fields. */
export type Handed = Pick<PastedValue, 'key' | 'fields' | 'secrets'>;

export class RunState extends Reading<RunView> {
  gone = $state(false);
  /** What is being asked of it. */
  asking = $state<Wish | null>(null);

  readonly id: string;

  constructor(session: Session, id: string) {
    super(session, () => session.backend.ask('read_run', { id }));
    this.id = id;
  }

  /** An answer to what was seen: to a question that came up meanwhile it would be none. */
  async ask(wish: Wish): Promise<void> {
    const { backend } = this.session;
    await this.#answer(wish, (seen) => backend.ask('ask_run', { id: this.id, wish, seen }));
  }

  /** Hands in what a person made at the issuer; says which fields were not taken, if so. */
  async paste(handed: Handed): Promise<'taken' | 'failed' | readonly string[]> {
    const { backend } = this.session;
    if (this.asking || !this.view) return 'failed';
    const error = await this.#answer('continue', (seen) =>
      backend.ask('paste_value', { id: this.id, seen, ...handed }),
    );
    if (error?.messageKey === 'credential.refused')
      return (error.details['what'] ?? '').split(', ');
    return error ? 'failed' : 'taken';
  }

  /** Of which kind its credential is; nothing when that cannot be read, which is said. */
  async kind(): Promise<Kind | null> {
    const id = this.view?.row.credential ?? '';
    try {
      return (await this.session.backend.ask('read_credential', { id })).credential.row.kind;
    } catch (error) {
      toast.fail(sentenceOf(asUserError(error)));
      return null;
    }
  }

  async #answer(
    wish: Wish,
    work: (seen: number) => Promise<RunView>,
  ): Promise<UserError | undefined> {
    if (this.asking || !this.view) return undefined;
    this.asking = wish;
    try {
      this.show(await work(this.view.revision));
      return undefined;
    } catch (thrown) {
      const error = asUserError(thrown);
      // What is wrong in a form is said at its fields.
      if (error.messageKey !== 'credential.refused') toast.fail(sentenceOf(error));
      await this.load();
      return error;
    } finally {
      this.asking = null;
    }
  }

  protected override fail(error: UserError): void {
    if (error.messageKey === 'rotation.gone') this.gone = true;
    else super.fail(error);
  }

  /** What was read later may have been answered earlier. */
  protected override show(view: RunView): void {
    const before = this.view;
    if (before && before.revision > view.revision) return;
    this.view = view;
    if (before) this.#tell(before, view);
  }

  #tell(before: RunView, { row }: RunView): void {
    const isNews = before.row.status !== row.status || before.row.step.is !== row.step.is;
    if (!isNews) return;
    const words = row.status === 'running' ? stepDoing(row.step) : runStatus(row).name;
    announce(`${row.credentialName}: ${words}.`, row.status === 'needsAttention');
  }
}
