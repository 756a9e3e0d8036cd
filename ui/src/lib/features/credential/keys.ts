/** The keys of a credential's own page. */
import { isOpenAbove } from '$lib/features/frame/above';

export const REVEAL_KEYS = 'Mod+Shift+R';
export const COPY_KEYS = 'Mod+C';
export const IDENTIFIER_KEYS = 'Mod+B';
export const ROTATE_KEYS = 'Mod+R';
/** Single keys, as those of the frame: they can be switched off. */
export const PREVIOUS_KEY = '[';
export const NEXT_KEY = ']';

type Meant = 'reveal' | 'copy' | 'identifier' | 'rotate' | 'previous' | 'next';

/** What a chord means here; nothing where it is meant for what is typed, marked or open above. */
export function meant(event: KeyboardEvent, single: boolean): Meant | null {
  const { target, key, shiftKey: shift, altKey: alt } = event;
  const mod = event.ctrlKey || event.metaKey;
  if (event.defaultPrevented || alt || isOpenAbove()) return null;
  const typing = target instanceof Element && target.closest('input, textarea, select');
  if (!mod && single && !typing && key === PREVIOUS_KEY) return 'previous';
  if (!mod && single && !typing && key === NEXT_KEY) return 'next';
  if (!mod) return null;
  if (shift) return key.toLowerCase() === 'r' ? 'reveal' : null;
  if (typing) return null;
  if (key.toLowerCase() === 'b') return 'identifier';
  if (key.toLowerCase() === 'r') return 'rotate';
  return key.toLowerCase() === 'c' && !getSelection()?.toString() ? 'copy' : null;
}
