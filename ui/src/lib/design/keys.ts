/** Key hints are written once as `Mod+Shift+R` and shown the way the platform writes them. */
const MAC: Readonly<Partial<Record<string, string>>> = {
  Mod: '⌘',
  Ctrl: '⌃',
  Alt: '⌥',
  Shift: '⇧',
  Enter: '↩',
  Esc: '⎋',
};

export const isMac = (): boolean => /Mac/.test(navigator.userAgent);

/** `Mod+N` becomes `Ctrl N`, or `⌘N` on a Mac. */
export function formatKeys(keys: string, mac = isMac()): string {
  const parts = keys.split('+');
  if (mac) return parts.map((part) => MAC[part] ?? part).join('');
  return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join(' ');
}

/** The same keys for `aria-keyshortcuts`. */
export function ariaKeys(keys: string, mac = isMac()): string {
  return keys
    .replace('Mod', mac ? 'Meta' : 'Control')
    .replace('Ctrl', 'Control')
    .replace('Esc', 'Escape');
}

/** Whether `event` is the chord that is written as `keys`. */
export function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+');
  const mod = event.ctrlKey || event.metaKey;
  return (
    parts.includes('Mod') === mod &&
    parts.includes('Shift') === event.shiftKey &&
    !event.altKey &&
    event.key.toLowerCase() === parts.at(-1)?.toLowerCase()
  );
}
