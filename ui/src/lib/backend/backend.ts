/**
 * What the window knows of the backend: it asks, and it hears. Two implementations stand behind
 * this: Tauri in the app, and one for component tests.
 */
import type { Commands, Events, UserError } from '$lib/bindings';

export type { UserError } from '$lib/bindings';

export type CommandName = keyof Commands;
export type EventName = keyof Events;

type Input<N extends CommandName> = Commands[N]['input'] extends null
  ? []
  : [input: Commands[N]['input']];

export interface Backend {
  /** Asks for one thing; rejects with a `UserError`, never with anything else. */
  ask<N extends CommandName>(name: N, ...input: Input<N>): Promise<Commands[N]['output']>;
  /** Hears of something until the returned function is called. */
  hear<N extends EventName>(name: N, listener: (payload: Events[N]) => void): () => void;
}

export function isUserError(error: unknown): error is UserError {
  return typeof error === 'object' && error !== null && 'code' in error && 'messageKey' in error;
}

/** Whatever was thrown, as an error that has words. */
export function asUserError(error: unknown): UserError {
  if (isUserError(error)) return error;
  return { code: 'KT-INTERNAL', messageKey: 'internal', retryable: true, details: {} };
}
