import { describe, expect, it, vi } from 'vitest';
import type { CredentialList, ListOf } from '$lib/bindings';
import { rehearsed, type Answers } from '$lib/backend/rehearsed';
import { Session } from '$lib/features/vault/session.svelte';
import { slow, userError } from '$lib/features/vault/testing/made';
import { Question } from './question.svelte';
import { listOf, rows } from './testing/rows';

function start(answers: Answers) {
  const backend = rehearsed(answers);
  const question = new Question(new Session(backend));
  const asked = () =>
    backend.asked.map(({ input }) => {
      const { query, from, most } = input as ListOf;
      return `${query} ${from}+${most}`.trim();
    });
  return { backend, question, asked };
}

describe('a question', () => {
  it('is asked at once, one at a time, the newest next; only its answer counts', async () => {
    const work = [slow<CredentialList>(), slow<CredentialList>()];
    const waiting = [...work];
    const { question, asked } = start({ list_credentials: () => waiting.shift()!.promise });
    question.ask('p');
    question.ask('pa');
    question.ask('pay');
    expect(asked()).toEqual(['p 0+25']);
    work[0]!.end({ ...listOf(rows(3), { from: 0, most: 100 } as ListOf) });
    await vi.waitFor(() => expect(asked()).toEqual(['p 0+25', 'pay 0+25']));
    expect(question.answer).toBeNull();
    expect(question.loading).toBe(true);
    work[1]!.end({ ...listOf(rows(1), { from: 0, most: 100 } as ListOf) });
    await vi.waitFor(() => expect(question.answer?.total).toBe(1));
    expect(question.answer?.query).toBe('pay');
    expect(question.loading).toBe(false);
  });

  it('keeps the rows of before until the answer is there', async () => {
    const first = rows(3);
    const later = slow<CredentialList>();
    const { question } = start({
      list_credentials: (input) => (input.query ? later.promise : listOf(first, input)),
    });
    question.reload();
    await vi.waitFor(() => expect(question.row(2)?.name).toBe('name-2'));
    question.ask('other');
    expect(question.row(2)?.name).toBe('name-2');
    later.end(listOf([], { from: 0, most: 100 } as ListOf));
    await vi.waitFor(() => expect(question.row(2)).toBeUndefined());
  });

  it('reads nothing of what flies by, and all of it where that lands', async () => {
    const all = rows(10_000);
    const { question, asked } = start({ list_credentials: (input) => listOf(all, input) });
    question.see(0, 20);
    await vi.waitFor(() => expect(question.row(0)).toBeDefined());
    const before = asked().length;
    for (const first of [2_000, 3_000, 4_000]) {
      question.see(first, first + 20);
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(asked().slice(before)).toEqual(['1975+75']);
    await vi.waitFor(() => expect(question.row(4_000)).toBeDefined());
    expect(question.row(3_000)).toBeUndefined();
  });

  it('reads what comes into sight in slices, and lets go of those far off', async () => {
    const all = rows(100_000);
    const { question, asked } = start({ list_credentials: (input) => listOf(all, input) });
    question.reload();
    await vi.waitFor(() => expect(question.row(0)).toBeDefined());
    question.see(90_000, 90_030);
    expect(question.row(90_000)).toBeUndefined();
    await vi.waitFor(() => expect(question.row(90_030)?.name).toBe('name-90030'));
    expect(asked().at(-1)).toBe('89975+100');
    for (let at = 0; at < 20; at += 1) {
      question.see(at * 100, at * 100 + 30);
      await vi.waitFor(() => expect(question.row(at * 100 + 30)).toBeDefined());
    }
    expect(question.row(90_000)).toBeUndefined();
    expect(question.row(0)).toBeUndefined();
    expect(question.row(1900)).toBeDefined();
  });

  it('is asked again once for many changes, for what is in sight only', async () => {
    const all = rows(5000);
    const { backend, question, asked } = start({
      list_credentials: (input) => listOf(all, input),
    });
    const stop = question.follow();
    await vi.waitFor(() => expect(question.answer).not.toBeNull());
    question.see(3090, 3120);
    await vi.waitFor(() => expect(question.row(3120)).toBeDefined());
    const before = asked().length;
    all.splice(3100, 1);
    for (let times = 0; times < 5; times += 1) backend.tell('inventory_changed', null);
    await vi.waitFor(() => expect(question.answer?.total).toBe(4999));
    await vi.waitFor(() => expect(question.loading).toBe(false));
    expect(asked().slice(before)).toEqual(['3050+100', '3050+100']);
    expect(question.row(3100)?.name).toBe('name-3101');
    stop();
    backend.tell('inventory_changed', null);
    expect(asked()).toHaveLength(before + 2);
  });

  it('tells why it cannot be answered, does not ask by itself again, and recovers', async () => {
    let broken = true;
    const { question, asked } = start({
      list_credentials: (input) => {
        if (broken) throw userError('vault.unreadable');
        return listOf(rows(1), input);
      },
    });
    question.reload();
    await vi.waitFor(() => expect(question.problem?.messageKey).toBe('vault.unreadable'));
    expect(question.loading).toBe(false);
    expect(asked()).toHaveLength(1);
    broken = false;
    question.reload();
    await vi.waitFor(() => expect(question.problem).toBeNull());
    expect(question.row(0)?.name).toBe('name-0');
  });

  it('gives the whole list for ticking, up to a thousand', async () => {
    const all = rows(1500);
    const { question, asked } = start({ list_credentials: (input) => listOf(all, input) });
    question.reload();
    await vi.waitFor(() => expect(question.answer).not.toBeNull());
    expect(await question.everything()).toHaveLength(1000);
    expect(asked().at(-1)).toBe('0+1000');
  });

  it('reads a range where it is not at hand', async () => {
    const { question, asked } = start({ list_credentials: (input) => listOf(rows(500), input) });
    question.reload();
    await vi.waitFor(() => expect(question.answer?.total).toBe(500));
    expect(await question.range(1, 2)).toHaveLength(2);
    expect(asked()).toEqual(['0+25']);
    const range = await question.range(400, 999);
    expect(range.map(({ name }) => name)).toEqual(
      rows(500)
        .slice(400)
        .map(({ name }) => name),
    );
  });
});
