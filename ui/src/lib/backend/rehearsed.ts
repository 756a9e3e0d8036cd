/** The backend of component tests: answers as rehearsed, tells when told to. Not in the app. */
import type { Commands, Events } from '$lib/bindings';
import type { Backend, CommandName, EventName } from './backend';

export type Answers = {
  [N in CommandName]?: (
    input: Commands[N]['input'],
  ) => Commands[N]['output'] | Promise<Commands[N]['output']>;
};

export interface Rehearsed extends Backend {
  /** What was asked, in order. */
  asked: { name: CommandName; input: unknown }[];
  tell<N extends EventName>(name: N, payload: Events[N]): void;
}

/** A command without a rehearsed answer rejects, as an unknown one does in the app. */
export function rehearsed(answers: Answers = {}): Rehearsed {
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const asked: Rehearsed['asked'] = [];
  return {
    asked,
    async ask(name, ...input) {
      asked.push({ name, input: input[0] ?? null });
      const answer = answers[name] as ((input: unknown) => never) | undefined;
      if (!answer) throw new Error(`no answer rehearsed for ${name}`);
      return answer(input[0] ?? null);
    },
    hear(name, listener) {
      const heard = listeners.get(name) ?? new Set();
      listeners.set(name, heard.add(listener as never));
      return () => void heard.delete(listener as never);
    },
    tell(name, payload) {
      for (const listener of listeners.get(name) ?? []) listener(payload as never);
    },
  };
}
