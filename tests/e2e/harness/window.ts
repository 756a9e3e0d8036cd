// The app's window seen from outside, as the window manager sees it.
import type { App } from './app';
import type { Desktop } from './desktop';
import { waitFor } from './waiting';

/** An `App`, or the desktop and process of a program started without WebDriver. */
export type AppInDesktop = Pick<App, 'pid'> & { desktop: Desktop };

/** The id of the app's visible window, as xdotool names it. */
export async function findWindow({ desktop, pid }: AppInDesktop): Promise<string> {
  const search = ['search', '--onlyvisible', '--pid', String(pid), '--name', '.'];
  return waitFor(
    async () => (await desktop.run('xdotool', search).catch(() => '')).trim().split('\n').at(-1),
    { what: "the app's window" },
  );
}

/** Gives the window's content this size; one the app does not allow is a failure. */
export async function resizeWindow(app: App, width: number, height: number): Promise<void> {
  const { desktop, page } = app;
  const id = await findWindow(app);
  await desktop.run('xdotool', ['windowsize', id, String(width), String(height)]);
  const size = () => page.run<string>('return `${window.outerWidth} ${window.outerHeight}`');
  await page.waitFor(async () => (await size()) === `${width} ${height}`, {
    what: `a window of ${width} ${height} pixels`,
    otherwise: async () => `It has ${await size()}.`,
  });
  await page.settled();
}

/**
 * Closes the window through the window manager, as its frame's button does: the app is asked.
 * xdotool's own `windowclose` would tear the window from the app.
 */
export async function closeWindow(app: AppInDesktop): Promise<void> {
  const id = await findWindow(app);
  await app.desktop.run('xdotool', ['windowactivate', '--sync', id, 'key', 'alt+F4']);
}
