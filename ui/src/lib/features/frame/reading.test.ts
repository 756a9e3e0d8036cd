import { describe, expect, it } from 'vitest';
import { rehearsed } from '$lib/backend/rehearsed';
import { Session } from '$lib/features/vault/session.svelte';
import { Reading } from './reading.svelte';

/** A reading whose answers are given by hand, one after the other. */
function made() {
  const backend = rehearsed();
  const answers: ((answer: Promise<string>) => void)[] = [];
  const reading = new Reading(
    new Session(backend),
    () => new Promise<string>((answer) => answers.push(answer)),
  );
  const answer = async (text: Promise<string>) => {
    answers.at(-1)?.(text);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { backend, reading, answer, asked: () => answers.length };
}

describe('what is read again with every change', () => {
  it('is read once more after changes that came while it was read, and waited for', async () => {
    const { backend, reading, answer, asked } = made();
    const stop = reading.follow();
    backend.tell('runs_changed', null);
    let isNew = false;
    void reading.load().then(() => (isNew = true));
    expect(asked()).toBe(1);
    await answer(Promise.resolve('old'));
    expect([reading.view, isNew, asked()]).toEqual(['old', false, 2]);
    await answer(Promise.resolve('new'));
    expect([reading.view, isNew, asked()]).toEqual(['new', true, 2]);
    expect(reading.loading).toBe(false);
    stop();
    backend.tell('runs_changed', null);
    expect(asked()).toBe(2);
  });

  it('keeps what was read last when it cannot be read, and says so until it can', async () => {
    const { reading, answer } = made();
    void reading.load();
    await answer(Promise.resolve('first'));
    void reading.load();
    await answer(Promise.reject(new Error('no answer')));
    expect([reading.view, reading.problem?.messageKey]).toEqual(['first', 'internal']);
    void reading.load();
    await answer(Promise.resolve('second'));
    expect([reading.view, reading.problem]).toEqual(['second', null]);
  });
});
