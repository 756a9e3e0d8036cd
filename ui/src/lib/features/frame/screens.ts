/** The screens that exist, in the order of the sidebar, and the keys that work everywhere. */
import type { IconName } from '$lib/design';

export type ScreenId = 'welcome' | 'settings' | 'help';

export interface Screen {
  id: ScreenId;
  name: string;
  icon: IconName;
  keys: string;
  place: 'main' | 'foot';
}

export const SCREENS: readonly Screen[] = [
  { id: 'welcome', name: 'Welcome', icon: 'home', keys: 'Mod+1', place: 'main' },
  { id: 'settings', name: 'Settings', icon: 'settings', keys: 'Mod+,', place: 'foot' },
  { id: 'help', name: 'Help', icon: 'help', keys: 'F1', place: 'foot' },
];

export interface Shortcut {
  keys: string;
  does: string;
  where: string;
}

export const QUIT_KEYS = 'Mod+Q';

/** Every key there is, for the table on the help screen. */
export const SHORTCUTS: readonly Shortcut[] = [
  ...SCREENS.map(({ keys, name }) => ({ keys, does: `Open ${name}`, where: 'Everywhere' })),
  { keys: 'Mod+=', does: 'Make everything larger', where: 'Everywhere' },
  { keys: 'Mod+-', does: 'Make everything smaller', where: 'Everywhere' },
  { keys: 'Mod+0', does: 'Back to the usual size', where: 'Everywhere' },
  { keys: QUIT_KEYS, does: 'Quit Keyturn', where: 'Everywhere' },
  { keys: 'Tab', does: 'Go to the next control', where: 'Everywhere' },
  { keys: 'Esc', does: 'Close what is open', where: 'Menus, dialogs and panels' },
];

/** Whether `event` is the chord that is written as `keys`. */
export function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+');
  const wantsMod = parts.includes('Mod');
  const mod = event.ctrlKey || event.metaKey;
  const other = event.altKey || event.shiftKey;
  return wantsMod === mod && !other && event.key.toLowerCase() === parts.at(-1)?.toLowerCase();
}
