import { fireEvent } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import type { Revealed } from '$lib/bindings';
import { sessionView, slow, startSession } from '$lib/features/vault/testing/made';
import { Shown } from './shown.svelte';
import { Taking } from './taking.svelte';

const SECRET = 'sk_live_9fK2mQ7xZ4';
let leave = () => {};
afterEach(() => leave());

/** A value that is on its way, and what brings it. */
async function asked() {
  const arriving = slow<Revealed>();
  const { session } = await startSession(sessionView(), { reveal_value: () => arriving.promise });
  const shown = new Shown(new Taking(session));
  leave = shown.watch();
  const revealing = shown.reveal('c1', null, 'secret', 'Secret');
  const arrive = () => {
    arriving.end({ value: SECRET, until: Date.now() + 30_000 });
    return revealing;
  };
  return { shown, arrive };
}

it('a value that arrives while another window has the focus is not shown', async () => {
  const { shown, arrive } = await asked();
  await fireEvent.blur(window);
  await arrive();
  expect(shown.value).toBeNull();
});

it('one that somebody fetched the passphrase for elsewhere is shown', async () => {
  const { shown, arrive } = await asked();
  await fireEvent.blur(window);
  await fireEvent.focus(window);
  await arrive();
  expect(shown.value).toBe(SECRET);
});
