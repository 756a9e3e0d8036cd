/** Trials of accounts or bindings: which are under way, and what came of the others. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { Tried, UserError } from '$lib/bindings';
import { asUserError, isUserError } from '$lib/backend/backend';
import { announce } from '$lib/design';
import { sentenceOf } from '$lib/words/errors';
import { whyWords } from '$lib/words/setups';

export type Outcome = Tried | UserError;

export class Trials {
  readonly running = new SvelteSet<string>();
  readonly outcomes = new SvelteMap<string, Outcome>();

  readonly #ask: (id: string) => Promise<Tried>;

  constructor(ask: (id: string) => Promise<Tried>) {
    this.#ask = ask;
  }

  async run(id: string, name: string): Promise<void> {
    if (this.running.has(id)) return;
    this.running.add(id);
    this.outcomes.delete(id);
    let outcome: Outcome;
    try {
      outcome = await this.#ask(id);
    } catch (error) {
      outcome = asUserError(error);
    }
    this.outcomes.set(id, outcome);
    this.running.delete(id);
    announce(`${name}: ${outcomeWords(outcome).title}.`, failed(outcome));
  }
}

const failed = (outcome: Outcome): boolean => isUserError(outcome) || outcome.works === false;

/** What came of a trial: a few words, and what there is to say or to do about it. */
export function outcomeWords(outcome: Outcome): {
  title: string;
  tone: 'ok' | 'neutral' | 'soon' | 'critical';
  text: string;
} {
  if (isUserError(outcome)) {
    return { title: 'Not tested', tone: 'critical', text: sentenceOf(outcome) };
  }
  const { about, lacks, why } = outcome;
  if (outcome.works) return { title: 'Works', tone: 'ok', text: about };
  if (outcome.works === null) {
    const text = 'There is nobody to ask here. Whether it works shows when it is used.';
    return { title: 'Cannot be tested', tone: 'neutral', text };
  }
  if (lacks.length > 0) {
    return { title: 'Lacks permissions', tone: 'soon', text: about };
  }
  const words = whyWords(why ?? 'unknown');
  const answered = about ? `${about} answered. ` : '';
  const text = `${answered}${words.happened} ${words.next}`;
  return { title: 'Does not work', tone: 'critical', text };
}
