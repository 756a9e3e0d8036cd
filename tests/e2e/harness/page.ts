// The app's window as a person or a screen reader meets it: by role, name and text, with the pointer
// and real keys. Roles and names are calculated inside the window by @testing-library/dom.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { error, type WebDriver, type WebElement } from 'selenium-webdriver';
import type { Desktop } from './desktop';
import { keysOf } from './keys';
import { clickOn } from './pointer';
import { isAlive } from './programs';
import { waitFor, type Waiting } from './waiting';
import type { AppInDesktop } from './window';

const require = createRequire(import.meta.url);
const library = readFileSync(
  require.resolve('@testing-library/dom/dist/@testing-library/dom.umd.min.js'),
  'utf8',
);

export interface RoleOptions {
  name?: string | RegExp;
  level?: number;
  selected?: boolean;
  checked?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  /** Search in this element only. */
  within?: WebElement;
  /** Milliseconds; `findBy...` only. */
  timeout?: number;
}

export type TextOptions = Pick<RoleOptions, 'within' | 'timeout'>;

export interface Page {
  webdriver: WebDriver;
  desktop: Desktop;
  /** Waits for exactly one; a failure lists what is there. */
  findByRole(role: string, options?: RoleOptions): Promise<WebElement>;
  /** Null when there is none; more than one is a failure. */
  queryByRole(role: string, options?: RoleOptions): Promise<WebElement | null>;
  allByRole(role: string, options?: RoleOptions): Promise<WebElement[]>;
  findByText(text: string | RegExp, options?: TextOptions): Promise<WebElement>;
  queryByText(text: string | RegExp, options?: TextOptions): Promise<WebElement | null>;
  /** With the pointer, on what lies on top there: a covered element is a failure. */
  click(element: WebElement): Promise<void>;
  /** Clicks into the field and types, key by key. */
  type(field: WebElement, text: string): Promise<void>;
  /** Presses chords one after the other, to whatever has the focus: 'Tab', 'Control+k', 'Shift+Tab'. */
  press(...chords: string[]): Promise<void>;
  activeElement(): Promise<{ role: string; name: string; element: WebElement }>;
  text(): Promise<string>;
  run<Answer>(script: string, ...args: unknown[]): Promise<Answer>;
  waitFor<T>(ask: () => T | Promise<T>, waiting: Waiting): ReturnType<typeof waitFor<T>>;
  /** Fonts loaded, finite animations over, and two frames painted since. */
  settled(): Promise<void>;
}

type Search = { by: 'Role' | 'Text'; what: string | RegExp; options?: RoleOptions };

const search = `
  const [by, what, options, within] = arguments;
  if (!globalThis.TestingLibraryDom) return null;
  const real = (value) => value?.source === undefined ? value : new RegExp(value.source, value.flags);
  const query = globalThis.TestingLibraryDom['queryAllBy' + by];
  const given = options.name == null ? options : { ...options, name: real(options.name) };
  return query(within ?? document.body, real(what), given);`;

const settle = `
  const done = arguments[arguments.length - 1];
  const finite = (animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime);
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  (async () => {
    await document.fonts.ready;
    await frame();
    const animations = document.getAnimations().filter(finite);
    await Promise.allSettled(animations.map((animation) => animation.finished));
    await frame();
    await frame();
  })().then(() => done('settled'), (failure) => done(String(failure)));`;

/** What the driver answers when the window went away during a command; the first has no words. */
const windowGone = ['WebDriverError', 'NoSuchWindowError', 'NoSuchSessionError'];

export async function openPage(webdriver: WebDriver, app: AppInDesktop): Promise<Page> {
  await webdriver.manage().setTimeouts({ script: 20_000, implicit: 0 });
  const run = <Answer>(script: string, ...args: unknown[]): Promise<Answer> =>
    webdriver.executeScript<Answer>(script, ...args);

  // A click or a key may end the app, and the driver then has no answer: that is no failure of it.
  const act = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (failure) {
      if (!(failure instanceof Error) || !windowGone.includes(failure.name)) throw failure;
      await waitFor(() => !isAlive(app.pid), { what: 'the app to end', within: 2_000 }).catch(
        () => {
          throw failure;
        },
      );
    }
  };

  const click = (element: WebElement) => act(() => clickOn(webdriver, app, element));

  const findAll = async ({ by, what, options = {} }: Search): Promise<WebElement[]> => {
    const { within, name } = options;
    const given = { ...options, name: sendable(name), within: undefined, timeout: undefined };
    const ask = async (): Promise<WebElement[] | null> => {
      for (;;) {
        try {
          return await run<WebElement[] | null>(search, by, sendable(what), given, within ?? null);
        } catch (failure) {
          // What was found went before the driver could name it: ask again what is there now.
          const gone = failure instanceof error.StaleElementReferenceError;
          if (!gone || within) throw failure;
        }
      }
    };
    const found = await ask();
    if (found) return found;
    // A new document: bring the library into it, by the driver, which the page's CSP does not bind.
    await run(library);
    return (await ask()) ?? [];
  };
  const words = ({ by, what, options }: Search) =>
    by === 'Text' ? `the text ${what}` : `${what} «${options?.name ?? 'of any name'}»`;
  const queryOne = async (wanted: Search): Promise<WebElement | null> => {
    const found = await findAll(wanted);
    if (found.length > 1) throw new Error(`Found ${found.length} times ${words(wanted)}.`);
    return found[0] ?? null;
  };
  const findOne = (wanted: Search): Promise<WebElement> => {
    let seen = 0;
    return waitFor(
      async () => {
        const found = await findAll(wanted);
        seen = found.length;
        return seen === 1 && found[0];
      },
      {
        what: `exactly one ${words(wanted)}`,
        within: wanted.options?.timeout ?? 10_000,
        otherwise: async () => `Found ${seen}. The window says:\n${await describe()}`,
      },
    );
  };
  const describe = () =>
    run<string>(`const library = globalThis.TestingLibraryDom;
      const roles = library ? Object.entries(library.getRoles(document.body)) : [];
      return document.body.innerText + '\\n' + roles.map(([role, all]) =>
        role + ': ' + all.map((one) => one.getAttribute('aria-label') ?? one.textContent.trim()
          .slice(0, 60)).join(' | ')).join('\\n');`);

  return {
    webdriver,
    desktop: app.desktop,
    run,
    waitFor,
    findByRole: (role, options = {}) => findOne({ by: 'Role', what: role, options }),
    queryByRole: (role, options = {}) => queryOne({ by: 'Role', what: role, options }),
    allByRole: (role, options = {}) => findAll({ by: 'Role', what: role, options }),
    findByText: (what, options = {}) => findOne({ by: 'Text', what, options }),
    queryByText: (what, options = {}) => queryOne({ by: 'Text', what, options }),
    click,
    async type(field, text) {
      await click(field);
      await field.sendKeys(text);
    },
    async press(...chords) {
      for (const chord of chords) {
        const keys = keysOf(chord);
        const actions = webdriver.actions();
        for (const key of keys) actions.keyDown(key);
        for (const key of keys.toReversed()) actions.keyUp(key);
        await act(() => actions.perform());
      }
    },
    async activeElement() {
      for (;;) {
        const element = await webdriver.switchTo().activeElement();
        try {
          return {
            role: await element.getAriaRole(),
            name: await element.getAccessibleName(),
            element,
          };
        } catch (failure) {
          // It went while we asked, so the focus is elsewhere by now: ask again.
          if (!(failure instanceof error.StaleElementReferenceError)) throw failure;
        }
      }
    },
    text: () => run<string>('return document.body.innerText'),
    async settled() {
      const answer = await webdriver.executeAsyncScript<string>(settle);
      if (answer !== 'settled') throw new Error(`The window does not settle: ${answer}`);
    },
  };
}

function sendable(value: string | RegExp | undefined): unknown {
  return value instanceof RegExp ? { source: value.source, flags: value.flags } : value;
}
