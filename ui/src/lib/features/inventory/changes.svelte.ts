/** What is done to the ticked credentials, and what became of each of them. */
import type { Change, Done, Row, SeenCredential } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { toast, type ToastAction } from '$lib/design';
import type { Session } from '$lib/features/vault/session.svelte';
import { sentenceOf, wordsOf } from '$lib/words/errors';
import { count } from '$lib/words/times';
import type { Question } from './question.svelte';
import { inTurn } from './rotating.svelte';
import type { Selection } from './selection.svelte';

/** So many of those that were not done are named. */
const MOST_NAMED = 3;

export class Changes {
  busy = $state(false);

  readonly #session: Session;
  readonly #question: Question;
  readonly #selection: Selection;

  constructor(session: Session, question: Question, selection: Selection) {
    this.#session = session;
    this.#question = question;
    this.#selection = selection;
  }

  /** Changes these as they were seen. Tells whether there was an answer for each. */
  change(word: string, seen: readonly SeenCredential[], change: Change): Promise<boolean> {
    return this.#work(word, () => this.#ask(seen, change));
  }

  /** Puts these away; they can be taken back at once. */
  archive(seen: readonly SeenCredential[]): Promise<boolean> {
    return this.#work(
      'archived',
      () => this.#ask(seen, { to: 'archive' }),
      (ids) => {
        const archived = seen.filter(({ id }) => ids.includes(id)).map(changedOnce);
        return {
          label: 'Undo',
          onselect: () => void this.change('restored', archived, { to: 'restore' }),
        };
      },
    );
  }

  /** Begins the rotation of each of these. */
  rotate(rows: readonly Row[]): Promise<boolean> {
    const { backend } = this.#session;
    return this.#work('put into rotation', async () => {
      const done: Done[] = [];
      await inTurn(rows, async ({ id, name }) => {
        const begun = backend.ask('begin_rotation', { credential: id, consent: false });
        const problem = await begun.then(() => null, asUserError);
        done.push({ id, name, problem });
      });
      return done;
    });
  }

  /** Deletes what is ticked for good. */
  delete(typed: string): Promise<boolean> {
    const { backend } = this.#session;
    return this.#work('deleted', () =>
      backend.ask('delete_credentials', { ids: this.#selection.ids, typed }),
    );
  }

  #ask(all: readonly SeenCredential[], change: Change): Promise<Done[]> {
    const seen = all.map(({ id, version }) => ({ id, version }));
    return this.#session.backend.ask('change_many', { seen, change });
  }

  async #work(
    word: string,
    ask: () => Promise<Done[]>,
    back?: (ids: string[]) => ToastAction,
  ): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      const all = await ask();
      const ids = all.flatMap(({ id, problem }) => (id === null || problem ? [] : [id]));
      const whole = ids.length === all.length;
      const say = whole ? toast.ok : toast.fail;
      say(told(all, word), ids.length > 0 ? back?.(ids) : undefined);
      // What was not done stays ticked.
      this.#selection.set(this.#selection.rows.filter(({ id }) => !ids.includes(id)));
      return true;
    } catch (error) {
      toast.fail(sentenceOf(asUserError(error)));
      return false;
    } finally {
      this.busy = false;
      this.#question.reload();
    }
  }
}

/** As it is after one change of ours. */
const changedOnce = ({ id, version }: SeenCredential): SeenCredential => ({
  id,
  version: version + 1,
});

/** "11 archived. 1 was not: legacy-crm - changed meanwhile." */
export function told(all: readonly Done[], word: string): string {
  const failed = all.flatMap(({ name, problem }) => (problem ? [{ name, problem }] : []));
  const done = all.length - failed.length;
  const first = done > 0 ? `${count(done, 'credential')} ${word}.` : `Nothing was ${word}.`;
  if (failed.length === 0) return first;
  const named = failed
    .slice(0, MOST_NAMED)
    .map(({ name, problem }) => `${name} - ${lower(wordsOf(problem).title)}`);
  const more = failed.length - named.length;
  const names = [...named, ...(more > 0 ? [`${more.toLocaleString('en')} more`] : [])].join(', ');
  return `${first} ${failed.length.toLocaleString('en')} ${failed.length === 1 ? 'was' : 'were'} not: ${names}.`;
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
