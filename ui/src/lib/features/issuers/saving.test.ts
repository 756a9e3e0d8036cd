import { describe, expect, it, vi } from 'vitest';
import type { MessageKey } from '$lib/bindings';
import { Saving } from './saving.svelte';

const refusal = (messageKey: MessageKey) => () =>
  Promise.reject({ code: 'KT-TEST', messageKey, retryable: false, details: {} });

describe('a setup that is saved', () => {
  it('says at the name that it is taken', async () => {
    const saving = new Saving(() => true);
    expect(await saving.make(refusal('name.taken'))).toBe(false);
    expect(saving.fault).toBeTruthy();
    expect(saving.problem).toBeNull();
    expect(saving.overtaken).toBe(false);
  });

  it('is overtaken when somebody else changed it, and no longer when it is saved again', async () => {
    const reread = vi.fn(() => true);
    const saving = new Saving(reread);
    await saving.make(refusal('vault.changed'));
    expect(reread).toHaveBeenCalledTimes(1);
    expect(saving.overtaken).toBe(true);
    expect(saving.problem).toBeNull();
    expect(await saving.make(() => Promise.resolve())).toBe(true);
    expect(saving.overtaken).toBe(false);
  });

  it('keeps the problem when it is not there any more', async () => {
    const saving = new Saving(() => false);
    await saving.make(refusal('vault.changed'));
    expect(saving.overtaken).toBe(false);
    expect(saving.problem?.messageKey).toBe('vault.changed');
  });
});
