/** The screens and views of an open vault, in the order of the sidebar, and every key there is. */
import type { ViewCounts } from '$lib/bindings';
import type { IconName } from '$lib/design';
import {
  COPY_KEYS,
  IDENTIFIER_KEYS,
  NEXT_KEY,
  PREVIOUS_KEY,
  REVEAL_KEYS,
  ROTATE_KEYS,
} from '$lib/features/credential/keys';

export type ScreenId =
  | 'inventory'
  | 'timeline'
  | 'map'
  | 'rotations'
  | 'issuers'
  | 'consumers'
  | 'policies'
  | 'members'
  | 'security'
  | 'backups'
  | 'notices'
  | 'channels'
  | 'emergency'
  | 'settings'
  | 'help';

export interface Screen {
  id: ScreenId;
  name: string;
  icon: IconName;
  keys: string;
  /** Opens it after G. */
  letter?: string;
  /** Where its button is: in the sidebar, at its foot, in the top bar, or in the centre of notices. */
  place: 'main' | 'foot' | 'top' | 'notices';
}

export const EMERGENCY_KEYS = 'Mod+Shift+E';

export const SCREENS: readonly Screen[] = [
  { id: 'inventory', name: 'Inventory', icon: 'key', keys: 'Mod+1', letter: 'I', place: 'main' },
  { id: 'timeline', name: 'Timeline', icon: 'timeline', keys: 'Mod+2', letter: 'T', place: 'main' },
  { id: 'map', name: 'Map', icon: 'map', keys: 'Mod+3', letter: 'M', place: 'main' },
  { id: 'rotations', name: 'Rotations', icon: 'rotate', keys: 'Mod+4', letter: 'R', place: 'main' },
  { id: 'issuers', name: 'Issuers', icon: 'cloud', keys: 'Mod+5', letter: 'U', place: 'main' },
  {
    id: 'consumers',
    name: 'Consumers',
    icon: 'monitor',
    keys: 'Mod+6',
    letter: 'C',
    place: 'main',
  },
  { id: 'policies', name: 'Policies', icon: 'audit', keys: 'Mod+7', letter: 'P', place: 'main' },
  { id: 'members', name: 'Members', icon: 'members', keys: 'Mod+8', letter: 'E', place: 'main' },
  { id: 'security', name: 'Security', icon: 'shield', keys: 'Mod+9', letter: 'S', place: 'main' },
  {
    id: 'backups',
    name: 'Backup',
    icon: 'archive',
    keys: 'Mod+Shift+B',
    letter: 'B',
    place: 'main',
  },
  {
    id: 'notices',
    name: 'Notifications',
    icon: 'bell',
    keys: 'Mod+Shift+N',
    letter: 'N',
    place: 'top',
  },
  { id: 'channels', name: 'Channels', icon: 'chat', keys: 'Mod+Shift+H', place: 'notices' },
  {
    id: 'emergency',
    name: 'Emergency',
    icon: 'emergency',
    keys: EMERGENCY_KEYS,
    letter: 'X',
    place: 'top',
  },
  { id: 'settings', name: 'Settings', icon: 'settings', keys: 'Mod+,', place: 'foot' },
  { id: 'help', name: 'Help', icon: 'help', keys: 'F1', place: 'foot' },
];

/** A question to the inventory that is always there. */
export interface View {
  name: string;
  icon: IconName;
  query: string;
  /** Which count stands beside it. */
  count?: keyof ViewCounts;
}

export const VIEWS: readonly View[] = [
  { name: 'Needs attention', icon: 'warning', query: 'status:attention', count: 'attention' },
  { name: 'Due in 7 days', icon: 'clock', query: 'due:<7d', count: 'dueSoon' },
  { name: 'High risk', icon: 'chevrons-up', query: 'risk:high', count: 'highRisk' },
  { name: 'Two keys valid', icon: 'rings', query: 'status:grace', count: 'inGrace' },
  { name: 'No policy', icon: 'ring-dashed', query: 'policy:none' },
  { name: 'No consumers', icon: 'monitor', query: 'uses:none' },
  { name: 'Mine', icon: 'person', query: 'owner:me' },
  { name: 'Archived', icon: 'folder', query: 'is:archived' },
];

/** What slides in beside the screen. */
export type Sheet = 'add' | 'import' | 'export';

export interface Shortcut {
  keys: string;
  does: string;
  where: string;
}

export const PALETTE_KEYS = 'Mod+K';
export const ADD_KEYS = 'Mod+N';
export const LOCK_KEYS = 'Mod+L';
export const QUIT_KEYS = 'Mod+Q';
/** These two are single keys, as / [ and ]: they work while nobody types in a field. */
export const GO_KEY = 'G';
export const HELP_KEY = '?';

/** Every key there is, for the table on the help screen. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: PALETTE_KEYS, does: 'Search or run a command', where: 'Unlocked' },
  ...SCREENS.map(({ keys, name, place }) => ({
    keys,
    does: `Open ${name}`,
    where: place === 'foot' ? 'Everywhere' : 'Unlocked',
  })),
  ...SCREENS.flatMap(({ letter, name }) =>
    letter ? [{ keys: `${GO_KEY} then ${letter}`, does: `Open ${name}`, where: 'Unlocked' }] : [],
  ),
  { keys: HELP_KEY, does: 'Open Help', where: 'Unlocked' },
  { keys: ADD_KEYS, does: 'Add a credential', where: 'Unlocked' },
  { keys: LOCK_KEYS, does: 'Lock the vault', where: 'Unlocked' },
  { keys: 'Enter', does: 'Copy the secret', where: 'Search' },
  { keys: 'Mod+Enter', does: 'Open the credential', where: 'Search' },
  { keys: ROTATE_KEYS, does: 'Show the plan, then rotate', where: 'Search' },
  { keys: '→', does: 'Show all actions', where: 'Search' },
  { keys: 'Mod+F', does: 'Filter', where: 'Inventory' },
  { keys: '/', does: 'Filter', where: 'Inventory' },
  { keys: '↑ ↓', does: 'Go from row to row', where: 'Inventory' },
  { keys: 'Enter', does: 'Open the credential', where: 'Inventory' },
  { keys: 'Space', does: 'Preview the row', where: 'Inventory' },
  { keys: 'Shift+Space', does: 'Select the row', where: 'Inventory' },
  { keys: 'Shift+↑ ↓', does: 'Select several rows', where: 'Inventory' },
  { keys: 'Mod+A', does: 'Select all rows', where: 'Inventory' },
  { keys: COPY_KEYS, does: 'Copy the secret', where: 'Inventory and credential' },
  { keys: ROTATE_KEYS, does: 'Show the plan, then rotate', where: 'Inventory and credential' },
  { keys: IDENTIFIER_KEYS, does: 'Copy the identifier', where: 'Inventory and credential' },
  { keys: REVEAL_KEYS, does: 'Reveal the secret', where: 'Inventory and credential' },
  { keys: PREVIOUS_KEY, does: 'Previous of the list', where: 'Credential' },
  { keys: NEXT_KEY, does: 'Next of the list', where: 'Credential' },
  { keys: 'T', does: 'Show it as a table, or as a picture', where: 'Timeline' },
  { keys: '← →', does: 'Show what is earlier or later', where: 'Timeline' },
  { keys: '= -', does: 'Show less or more time', where: 'Timeline' },
  { keys: PREVIOUS_KEY, does: 'Plan it a day earlier', where: 'Timeline' },
  { keys: NEXT_KEY, does: 'Plan it a day later', where: 'Timeline' },
  { keys: '↑ ↓', does: 'Go from notice to notice', where: 'Notifications' },
  { keys: 'Mod+F', does: 'Find', where: 'Map' },
  { keys: 'T', does: 'Picture or list', where: 'Map' },
  { keys: '↑ ↓ ← →', does: 'Go from node to node', where: 'Map' },
  { keys: 'Enter', does: 'Show what is at the node, then open it', where: 'Map' },
  { keys: 'Shift+↑ ↓ ← →', does: 'Move the picture', where: 'Map' },
  { keys: '=', does: 'Make the picture larger', where: 'Map' },
  { keys: '-', does: 'Make the picture smaller', where: 'Map' },
  { keys: '0', does: 'Show everything', where: 'Map' },
  { keys: 'Delete', does: 'Remove the link', where: 'Map' },
  { keys: ROTATE_KEYS, does: 'Show the plan, then rotate', where: 'Map' },
  { keys: 'Mod+Enter', does: 'Save', where: 'Forms' },
  { keys: 'Mod+=', does: 'Make everything larger', where: 'Everywhere' },
  { keys: 'Mod+-', does: 'Make everything smaller', where: 'Everywhere' },
  { keys: 'Mod+0', does: 'Back to the usual size', where: 'Everywhere' },
  { keys: QUIT_KEYS, does: 'Quit Keyturn', where: 'Everywhere' },
  { keys: 'Tab', does: 'Go to the next control', where: 'Everywhere' },
  { keys: 'Esc', does: 'Close what is open, or go back', where: 'Everywhere' },
];
