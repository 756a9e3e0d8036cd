// Starts Keyturn: under WebKitWebDriver, so that a test can act in its window, or on its own.
import { createServer } from 'node:net';
import { Capabilities, WebDriver } from 'selenium-webdriver';
import { Executor, HttpClient } from 'selenium-webdriver/http';
import type { Desktop } from './desktop';
import { openPage, type Page } from './page';
import {
  built,
  commandOf,
  endProcesses,
  isAlive,
  parentOf,
  type Environment,
  type Running,
} from './programs';
import { inTime, waitFor } from './waiting';

export type Theme = 'light' | 'dark';

export interface AppOptions {
  theme?: Theme;
  args?: string[];
  env?: Environment;
  /** Another program than Keyturn: the harness's own tests have none. */
  binary?: string;
}

export interface App {
  page: Page;
  webdriver: WebDriver;
  desktop: Desktop;
  /** The app's own process, not the driver's. */
  pid: number;
  /** What the app and the driver printed. */
  output(): string;
  /** Waits until the app is gone by itself: after its own Quit. */
  ended(within?: number): Promise<void>;
  /** Ends the session: the driver kills the app as no person would, and nothing is left. */
  quit(): Promise<void>;
}

/** The program under test. */
function keyturn(): string {
  return built('release', 'keyturn', 'npm run build', process.env.KEYTURN_APP);
}

/** The desktop's theme decides; the app follows it unless its settings say otherwise. */
function environment({ theme = 'light', env = {} }: AppOptions): Environment {
  return { GTK_THEME: theme === 'dark' ? 'Adwaita:dark' : 'Adwaita', ...env };
}

/** Without WebDriver: for a second start, a missing display, a folder that cannot be written. */
export function startDirect(desktop: Desktop, options: AppOptions = {}): Running {
  const env = environment(options);
  return desktop.start(options.binary ?? keyturn(), options.args ?? [], { env });
}

export async function startApp(desktop: Desktop, options: AppOptions = {}): Promise<App> {
  const port = await freePort();
  const before = desktop.processes();
  const driver = desktop.start('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
    // wry opens its first web context to WebDriver only when this is set (tauri-runtime-wry).
    env: { ...environment(options), TAURI_WEBVIEW_AUTOMATION: 'true' },
  });
  const output = () => driver.stdout() + driver.stderr();
  const own = () =>
    desktop.processes().filter((pid) => pid !== driver.pid && !before.includes(pid));

  try {
    const address = `http://127.0.0.1:${port}`;
    await waitFor(() => answers(`${address}/status`), {
      what: 'WebKitWebDriver',
      otherwise: output,
    });
    const webdriver = await openSession(address, options, () => own().length, output);
    const pid = own().find((candidate) => parentOf(candidate) === driver.pid) ?? -1;
    const page = await openPage(webdriver, { desktop, pid });
    // The session begins before the page does: a key pressed now would be lost.
    const loaded = `return document.readyState === 'complete' && location.protocol !== arguments[0]`;
    const empty = options.binary ? 'none' : 'about:';
    await waitFor(() => page.run<boolean>(loaded, empty), { what: 'the page', otherwise: output });
    await page.settled();

    return {
      page,
      webdriver,
      desktop,
      pid,
      output,
      async ended(within = 10_000) {
        await waitFor(() => !isAlive(pid), { what: 'the app to end', within, otherwise: output });
      },
      async quit() {
        const left = own();
        // An app that quit by itself has no session left to close.
        if (isAlive(pid)) await inTime(webdriver.quit(), { what: 'the session to close' });
        // The driver answers before it has ended the app: stopped at once, it would leave it behind.
        await waitFor(() => !left.some(isAlive), {
          what: 'the app to end',
          otherwise: () =>
            `Still there: ${left.filter(isAlive).map(commandOf).join(', ')}. ${output()}`,
        });
        await driver.stop();
      },
    };
  } catch (failure) {
    await driver.stop();
    await endProcesses(own());
    throw failure;
  }
}

async function openSession(
  address: string,
  options: AppOptions,
  processes: () => number,
  output: () => string,
): Promise<WebDriver> {
  const capabilities = new Capabilities();
  capabilities.set('webkitgtk:browserOptions', {
    binary: options.binary ?? keyturn(),
    args: options.args ?? [],
  });
  // Not by Builder: it wants a browser's name, which the driver would then compare with the app's.
  const webdriver = WebDriver.createSession(new Executor(new HttpClient(address)), capabilities);

  // The driver waits for ever for an app that ended before it had a window.
  let answered = false;
  const session = webdriver.getSession().finally(() => (answered = true));
  session.catch(() => undefined);
  let started = false;
  const ended = () => {
    const some = processes() > 0;
    started ||= some;
    return started && !some;
  };
  await waitFor(() => answered || ended(), {
    what: 'a WebDriver session with the app',
    within: 30_000,
    otherwise: output,
  });
  if (!answered) {
    // Its last words may still be on their way here; it may have had none.
    await waitFor(() => output() !== '', { what: 'its last words', within: 2_000 }).catch(
      () => undefined,
    );
    throw new Error(`The app ended before it had a window.\n${output()}`);
  }
  await session;
  return webdriver;
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
