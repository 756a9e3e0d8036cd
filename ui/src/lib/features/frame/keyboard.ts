/** What a key press asks for in an open vault. Lock and quit work everywhere: the window has them. */
import { matches } from '$lib/design/keys';
import { ADD_KEYS, GO_KEY, HELP_KEY, PALETTE_KEYS, SCREENS, type ScreenId } from './screens';

export type Wish = ScreenId | 'palette' | 'add';

/** So long after G its letter still counts. */
const CHORD_MS = 1500;
const TYPING =
  'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]';

const WISHES: readonly { id: Wish; keys: string }[] = [
  ...SCREENS,
  { id: 'palette', keys: PALETTE_KEYS },
  { id: 'add', keys: ADD_KEYS },
];

export class Keyboard {
  #goPressed = -Infinity;

  /** `single`: whether a letter alone may be a command. */
  wish(event: KeyboardEvent, single: boolean, now = event.timeStamp): Wish | null {
    const wish = WISHES.find(({ keys }) => matches(event, keys))?.id;
    return wish ?? (single ? this.#single(event, now) : null);
  }

  /** Keys without Ctrl: they belong to whoever types, and to what took them already. */
  #single(event: KeyboardEvent, now: number): Wish | null {
    const { key, target } = event;
    if (key.length > 1 || event.defaultPrevented) return null;
    const afterGo = now - this.#goPressed < CHORD_MS;
    this.#goPressed = -Infinity;
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    if (target instanceof Element && target.closest(TYPING)) return null;
    const letter = key.toUpperCase();
    if (afterGo) return SCREENS.find((screen) => screen.letter === letter)?.id ?? null;
    if (letter === GO_KEY) this.#goPressed = now;
    return key === HELP_KEY ? 'help' : null;
  }
}
