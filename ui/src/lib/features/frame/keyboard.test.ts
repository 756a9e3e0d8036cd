import { describe, expect, it } from 'vitest';
import { Keyboard, type Wish } from './keyboard';

/** What each key of a row asks for; `at` is when it is pressed, in milliseconds. */
function press(
  keyboard: Keyboard,
  key: string,
  {
    at = 0,
    on = document.body as Element,
    single = true,
    ...init
  }: KeyboardEventInit & { at?: number; on?: Element; single?: boolean } = {},
): Wish | null {
  let wish: Wish | null = null;
  const listen = (event: Event) => (wish = keyboard.wish(event as KeyboardEvent, single, at));
  on.addEventListener('keydown', listen, { once: true });
  on.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...init }));
  return wish;
}

function field(): HTMLInputElement {
  const input = document.createElement('input');
  document.body.replaceChildren(input);
  return input;
}

describe('the keyboard', () => {
  it('knows the chords with Mod', () => {
    const keyboard = new Keyboard();
    const mod = { ctrlKey: true };
    expect(press(keyboard, 'k', mod)).toBe('palette');
    expect(press(keyboard, 'n', mod)).toBe('add');
    expect(press(keyboard, '1', mod)).toBe('inventory');
    expect(press(keyboard, '3', mod)).toBe('map');
    expect(press(keyboard, 'B', { ...mod, shiftKey: true })).toBe('backups');
    expect(press(keyboard, 'k')).toBeNull();
  });

  it('has no commands of one letter where they are switched off', () => {
    const keyboard = new Keyboard();
    expect(press(keyboard, '?', { single: false })).toBeNull();
    expect(press(keyboard, 'g', { single: false })).toBeNull();
    expect(press(keyboard, 'i', { single: false })).toBeNull();
    expect(press(keyboard, 'k', { ctrlKey: true, single: false })).toBe('palette');
  });

  it.each([
    ['i', 'inventory'],
    ['p', 'policies'],
    ['m', 'map'],
    ['e', 'members'],
    ['s', 'security'],
    ['b', 'backups'],
  ])('opens by G then %s', (letter, screen) => {
    const keyboard = new Keyboard();
    expect(press(keyboard, letter)).toBeNull();
    expect(press(keyboard, 'g')).toBeNull();
    expect(press(keyboard, letter, { at: 1499 })).toBe(screen);
    expect(press(keyboard, letter, { at: 1499 })).toBeNull();
  });

  it('forgets G after a while, or when another key came between', () => {
    const keyboard = new Keyboard();
    press(keyboard, 'g');
    expect(press(keyboard, 's', { at: 1500 })).toBeNull();
    press(keyboard, 'g', { at: 2000 });
    press(keyboard, 'x', { at: 2001 });
    expect(press(keyboard, 's', { at: 2002 })).toBeNull();
  });

  it('takes ? as help, with Shift or without', () => {
    const keyboard = new Keyboard();
    expect(press(keyboard, '?', { shiftKey: true })).toBe('help');
    expect(press(keyboard, '?')).toBe('help');
    expect(press(keyboard, 'F1')).toBe('help');
  });

  it('leaves single keys to who types', () => {
    const keyboard = new Keyboard();
    const on = field();
    expect(press(keyboard, '?', { on })).toBeNull();
    press(keyboard, 'g', { on });
    expect(press(keyboard, 's', { at: 1 })).toBeNull();
    on.type = 'checkbox';
    expect(press(keyboard, '?', { on })).toBe('help');
  });
});
