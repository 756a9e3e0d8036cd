/** The screens of an open vault, in the order of the sidebar, and the keys that work everywhere. */
import type { IconName } from '$lib/design';

export type ScreenId = 'home' | 'members' | 'security' | 'backups' | 'settings' | 'help';

export interface Screen {
  id: ScreenId;
  name: string;
  icon: IconName;
  keys: string;
  place: 'main' | 'foot';
}

export const SCREENS: readonly Screen[] = [
  { id: 'home', name: 'Home', icon: 'home', keys: 'Mod+1', place: 'main' },
  { id: 'members', name: 'Members', icon: 'members', keys: 'Mod+2', place: 'main' },
  { id: 'security', name: 'Security', icon: 'shield', keys: 'Mod+3', place: 'main' },
  { id: 'backups', name: 'Backup', icon: 'archive', keys: 'Mod+4', place: 'main' },
  { id: 'settings', name: 'Settings', icon: 'settings', keys: 'Mod+,', place: 'foot' },
  { id: 'help', name: 'Help', icon: 'help', keys: 'F1', place: 'foot' },
];

export interface Shortcut {
  keys: string;
  does: string;
  where: string;
}

export const QUIT_KEYS = 'Mod+Q';
export const LOCK_KEYS = 'Mod+L';

/** Every key there is, for the table on the help screen. */
export const SHORTCUTS: readonly Shortcut[] = [
  ...SCREENS.map(({ keys, name, place }) => ({
    keys,
    does: `Open ${name}`,
    where: place === 'main' ? 'Unlocked' : 'Everywhere',
  })),
  { keys: LOCK_KEYS, does: 'Lock the vault', where: 'Unlocked' },
  { keys: 'Mod+=', does: 'Make everything larger', where: 'Everywhere' },
  { keys: 'Mod+-', does: 'Make everything smaller', where: 'Everywhere' },
  { keys: 'Mod+0', does: 'Back to the usual size', where: 'Everywhere' },
  { keys: QUIT_KEYS, does: 'Quit Keyturn', where: 'Everywhere' },
  { keys: 'Tab', does: 'Go to the next control', where: 'Everywhere' },
  { keys: 'Esc', does: 'Close what is open', where: 'Menus, dialogs and panels' },
];
