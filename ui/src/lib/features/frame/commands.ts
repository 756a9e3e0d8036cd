/** Everything that can be done from anywhere, by name: for the palette. */
import type { OpenVault, SavedView } from '$lib/bindings';
import type { IconName } from '$lib/design';
import { whyNot } from '$lib/words/roles';
import {
  ADD_KEYS,
  LOCK_KEYS,
  QUIT_KEYS,
  SCREENS,
  VIEWS,
  type ScreenId,
  type Sheet,
} from './screens';

export interface Command {
  name: string;
  icon: IconName;
  /** What else is to be known beside its name. */
  note?: string | undefined;
  keys?: string | undefined;
  /** Why it cannot be done now. */
  reason?: string | undefined;
  /** Asked before it is done, where it takes something away. */
  question?: { title: string; text: string; button: string };
  run: () => void;
}

/** What the frame does for them. */
interface Deeds {
  sheet: (sheet: Sheet) => void;
  open: (screen: ScreenId) => void;
  ask: (query: string, saved?: SavedView) => void;
  rename: (view: SavedView) => void;
  forget: (view: SavedView) => void;
  lock: () => void;
  quit: () => void;
}

export function commandsOf(vault: OpenVault, saved: readonly SavedView[], deeds: Deeds): Command[] {
  const edit = whyNot(vault, 'edit');
  return [
    {
      name: 'Add credential',
      icon: 'plus',
      keys: ADD_KEYS,
      reason: edit,
      run: () => deeds.sheet('add'),
    },
    { name: 'Import', icon: 'download', reason: edit, run: () => deeds.sheet('import') },
    {
      name: 'Export',
      icon: 'upload',
      reason: whyNot(vault, 'useSecrets'),
      run: () => deeds.sheet('export'),
    },
    ...SCREENS.map(({ id, name, icon, keys }) => ({
      name: `Open ${name}`,
      icon,
      keys,
      run: () => deeds.open(id),
    })),
    ...VIEWS.map(({ name, icon, query }) => ({
      name: `View ${name}`,
      icon,
      run: () => deeds.ask(query),
    })),
    ...saved.map((view) => ({
      name: `View ${view.name}`,
      icon: 'filter' as const,
      run: () => deeds.ask(view.query, view),
    })),
    { name: 'Lock vault', icon: 'lock', keys: LOCK_KEYS, run: deeds.lock },
    { name: 'Quit Keyturn', icon: 'power', keys: QUIT_KEYS, run: deeds.quit },
    ...saved.map((view) => ({
      name: `Rename view ${view.name}`,
      icon: 'signature' as const,
      reason: edit,
      run: () => deeds.rename(view),
    })),
    ...saved.map((view) => ({
      name: `Delete view ${view.name}`,
      icon: 'close' as const,
      reason: edit,
      question: {
        title: `Delete the view ${view.name}?`,
        text: 'Only the view goes. The credentials in it stay as they are.',
        button: 'Delete view',
      },
      run: () => deeds.forget(view),
    })),
  ];
}
