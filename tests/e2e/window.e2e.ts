// The window as the desktop sees it: it opens, is remembered, is one, and ends.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  closeWindow,
  findWindow,
  isAlive,
  makeVault,
  startApp,
  startDemo,
  startDesktop,
  startDirect,
  waitFor,
  type Desktop,
} from './harness';

let desktop: Desktop;
beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

/** Where the content of a window is on the display, and how large. */
async function place(id: string): Promise<Record<string, number>> {
  const lines = await desktop.run('xdotool', ['getwindowgeometry', '--shell', id]);
  const facts = [...lines.matchAll(/^(X|Y|WIDTH|HEIGHT)=(-?\d+)$/gm)];
  return Object.fromEntries(facts.map(([, name, value]) => [name, Number(value)]));
}

/** Waits until the window manager says so. */
async function maximised(id: string): Promise<void> {
  const state = () => desktop.run('xprop', ['-id', id, '_NET_WM_STATE']);
  const parts = ['_NET_WM_STATE_MAXIMIZED_VERT', '_NET_WM_STATE_MAXIMIZED_HORZ'];
  await waitFor(
    async () => {
      const said = await state();
      return parts.every((part) => said.includes(part));
    },
    { what: 'a maximised window', otherwise: state },
  );
}

describe('the window', () => {
  it('opens on the welcome screen with its name in the title', async () => {
    const app = await startApp(desktop);
    await app.page.findByRole('heading', { name: 'Welcome to Keyturn' });
    const id = await findWindow(app);
    expect((await desktop.run('xdotool', ['getwindowname', id])).trim()).toBe('Keyturn');
    await app.quit();
  });

  it('is where it was, and as large, after the program was ended', async () => {
    const first = await startApp(desktop);
    const id = await findWindow(first);
    await desktop.run('xdotool', ['windowsize', '--sync', id, '1010', '650']);
    await desktop.run('xdotool', ['windowmove', '--sync', id, '120', '90']);
    const left = await place(id);
    expect([left.WIDTH, left.HEIGHT]).toEqual([1010, 650]);
    await first.page.press('Control+q');
    await first.ended();
    await first.quit();

    const second = await startApp(desktop);
    const again = await findWindow(second);
    await second.page.waitFor(
      async () => JSON.stringify(await place(again)) === JSON.stringify(left),
      {
        what: `the window at ${JSON.stringify(left)}`,
        otherwise: async () => JSON.stringify(await place(again)),
      },
    );
    await second.quit();
  });

  it('is maximised again when it was closed so', async () => {
    const first = await startApp(desktop);
    const id = await findWindow(first);
    // With a double click on its title bar, which lies above the content.
    const onTitleBar = ['mousemove', '--window', id, '--', '300', '-10'];
    await desktop.run('xdotool', [...onTitleBar, 'click', '--repeat', '2', '--delay', '50', '1']);
    await maximised(id);
    await first.page.press('Control+q');
    await first.ended();
    await first.quit();

    const second = await startApp(desktop);
    await maximised(await findWindow(second));
    await second.quit();
  });

  it('comes forward when the program is started a second time, and stays the only one', async () => {
    const app = await startApp(desktop);
    const id = await findWindow(app);
    await desktop.run('xdotool', ['windowminimize', '--sync', id]);
    const second = startDirect(desktop);
    expect(await second.end()).toMatchObject({ code: 0 });
    await app.page.waitFor(
      async () => (await desktop.run('xdotool', ['getactivewindow']).catch(() => '')).trim() === id,
      { what: 'the first window to be the active one' },
    );
    const message = { within: await app.page.findByRole('region', { name: 'Messages' }) };
    await app.page.findByText('Keyturn is already open, here.', message);
    await app.quit();
  });

  it('ends the program by the menu', async () => {
    const app = await startApp(desktop);
    await makeVault(app);
    await app.page.findByText(/^Keyturn \d+\.\d+\.\d+$/);
    await app.page.click(await app.page.findByRole('button', { name: 'Acme' }));
    await app.page.click(await app.page.findByRole('menuitem', { name: 'Quit Keyturn' }));
    await app.page.waitFor(() => !isAlive(app.pid), { what: 'the app to end' });
    await app.quit();
  });

  it('ends a demo by its key without a question, though a rotation of it is open', async () => {
    const app = await startApp(desktop);
    await startDemo(app);
    await app.page.press('Control+q');
    await app.page.waitFor(() => !isAlive(app.pid), { what: 'the app to end' });
    await app.quit();
  });

  it('is minimised when it is closed where no tray leads back to it', async () => {
    const app = startDirect(desktop);
    const id = await findWindow({ desktop, pid: app.pid });
    await closeWindow({ desktop, pid: app.pid });
    const state = () => desktop.run('xprop', ['-id', id, 'WM_STATE']);
    await waitFor(async () => (await state()).includes('Iconic'), {
      what: 'a minimised window',
      otherwise: state,
    });
    expect(isAlive(app.pid)).toBe(true);
  });
});
