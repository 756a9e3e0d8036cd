/** Tells the backend that somebody is there, so that the vault is not locked under their hands. */
import type { Session } from './session.svelte';

const SIGNS = ['pointermove', 'pointerdown', 'wheel', 'keydown'] as const;
const OFTEN_ENOUGH_MS = 5_000;
const URGENT_MS = 500;

/** Follows keys and pointer until the returned function is called. */
export function followPresence(session: Session): () => void {
  let told = -Infinity;
  let leaving = false;
  const here = () => {
    if (!session.vault) return;
    const now = performance.now();
    if (now - told < (leaving ? URGENT_MS : OFTEN_ENOUGH_MS)) return;
    told = now;
    // A vault that was locked meanwhile refuses: the session tells that by itself.
    session.backend.ask('stay_unlocked').catch(() => undefined);
  };
  const stop = session.backend.hear('locking_soon', ({ seconds }) => (leaving = seconds !== null));
  for (const sign of SIGNS) window.addEventListener(sign, here, { capture: true, passive: true });
  return () => {
    stop();
    for (const sign of SIGNS) window.removeEventListener(sign, here, { capture: true });
  };
}
