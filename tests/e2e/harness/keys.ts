// The names people use for keys, and the characters WebDriver wants for them.
import { Key } from 'selenium-webdriver';

const named: Record<string, string> = {
  Alt: Key.ALT,
  Backspace: Key.BACK_SPACE,
  Control: Key.CONTROL,
  Delete: Key.DELETE,
  Down: Key.ARROW_DOWN,
  End: Key.END,
  Enter: Key.ENTER,
  Escape: Key.ESCAPE,
  Home: Key.HOME,
  Left: Key.ARROW_LEFT,
  PageDown: Key.PAGE_DOWN,
  PageUp: Key.PAGE_UP,
  Right: Key.ARROW_RIGHT,
  Shift: Key.SHIFT,
  Space: Key.SPACE,
  Tab: Key.TAB,
  Up: Key.ARROW_UP,
  ...Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`F${n + 1}`, f(n + 1)])),
};

/** 'Control+Shift+k' as the keys to hold down in turn. 'Control++' is Control and plus. */
export function keysOf(chord: string): string[] {
  const parts = chord.replace(/\+\+$/, '+plus').split('+');
  return parts.map((part) => {
    if (part === 'plus') return '+';
    const key = named[part] ?? part;
    if ([...key].length !== 1) throw new Error(`There is no key «${part}» in «${chord}».`);
    return key;
  });
}

function f(number: number): string {
  return String.fromCodePoint(0xe030 + number);
}
