/** The keys of a credential's own page. */
export const REVEAL_KEYS = 'Mod+Shift+R';
export const COPY_KEYS = 'Mod+C';
export const IDENTIFIER_KEYS = 'Mod+B';
export const ROTATE_KEYS = 'Mod+R';

type Meant = 'reveal' | 'copy' | 'identifier' | 'rotate' | 'back';

/** What a chord means here; nothing where it is meant for what is typed, marked or open above. */
export function meant(event: KeyboardEvent): Meant | null {
  const { target, key, shiftKey: shift, altKey: alt } = event;
  const mod = event.ctrlKey || event.metaKey;
  if (event.defaultPrevented || alt || isOpenAbove()) return null;
  if (key === 'Escape') return mod || shift ? null : 'back';
  if (!mod) return null;
  if (shift) return key.toLowerCase() === 'r' ? 'reveal' : null;
  if (target instanceof Element && target.closest('input, textarea, select')) return null;
  if (key.toLowerCase() === 'b') return 'identifier';
  if (key.toLowerCase() === 'r') return 'rotate';
  return key.toLowerCase() === 'c' && !getSelection()?.toString() ? 'copy' : null;
}

/** Whether a dialog, a sheet or a menu is open. */
const isOpenAbove = (): boolean =>
  document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
