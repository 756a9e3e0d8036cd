// The tray's icon and menu, as a real tray host reads and clicks them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addToken,
  closeWindow,
  findWindow,
  isAlive,
  makeVault,
  startApp,
  startDesktop,
  startDirect,
  startTray,
  waitFor,
  type Desktop,
  type Tray,
  type TrayEntry,
} from './harness';
import { commandOf } from './harness/programs';

let desktop: Desktop;
let tray: Tray;
beforeEach(async () => {
  desktop = await startDesktop();
  tray = await startTray(desktop);
});
afterEach(() => desktop.stop());

const labels = (menu: TrayEntry[]) => menu.map(({ label }) => label);
const has = (label: string) => (menu: TrayEntry[]) => labels(menu).includes(label);
/** What is in the clipboard of the display, or nothing. */
const clipboard = () => desktop.run('xclip', ['-selection', 'clipboard', '-o']).catch(() => '');
const webProcesses = () =>
  desktop.processes().filter((pid) => /WebKit(Web|Network)Process/.test(commandOf(pid)));

describe('the menu', () => {
  it('copies, leads to what needs attention, and locks; then it names nothing', async () => {
    const app = await startApp(desktop);
    const { page } = app;
    const start = await tray.waitForItem();
    await tray.waitForMenu(has('Open Keyturn'));
    await makeVault(app);
    await tray.waitForMenu(has('Lock'));
    const fine = await tray.waitForItem(({ picture }) => picture !== start.picture);
    const token = await addToken(app, 'orders-db', -24 * 60 * 60);
    await tray.waitForMenu(has('1 overdue'));
    await tray.waitForItem(({ picture, label }) => picture !== fine.picture && label === '1');

    await page.press('Control+c');
    await page.findByText(/^Copied orders-db\./);
    await tray.waitForMenu(has('Quick copy'));
    await page.press('Control+1');
    await page.click(await page.findByRole('button', { name: 'Clear now' }));
    await page.waitFor(async () => (await clipboard()) === '', { what: 'an empty clipboard' });
    await tray.click(['Quick copy', 'orders-db']);
    await page.waitFor(async () => (await clipboard()) === token, { what: 'the value copied' });
    await page.findByText(/^Copied orders-db\./);

    await tray.click(['Needs attention', 'Show all 1']);
    const filter = await page.findByRole('searchbox');
    await page.waitFor(async () => (await filter.getAttribute('value')) === 'status:attention', {
      what: 'the filtered inventory',
      otherwise: page.text,
    });

    await tray.click(['Lock']);
    await page.findByRole('heading', { name: 'Unlock Acme' });
    await page.waitFor(async () => (await clipboard()) === '', { what: 'an empty clipboard' });
    const locked = await tray.waitForMenu((menu) => !has('Lock')(menu));
    expect(JSON.stringify(locked)).not.toContain('orders-db');
    await tray.waitForItem(({ picture }) => picture === start.picture);
  });

  it('ends the program', async () => {
    const app = startDirect(desktop);
    await tray.waitForItem(() => true, 30_000);
    await tray.waitForMenu(has('Quit'));
    await tray.click(['Quit']);
    expect(await app.end()).toMatchObject({ code: 0 });
  });
});

describe('a closed window', () => {
  it('is gone with its processes, and comes back by the menu', async () => {
    const app = { desktop, pid: startDirect(desktop).pid };
    await findWindow(app);
    await tray.waitForItem(() => true, 30_000);
    await tray.waitForMenu(has('Open Keyturn'));
    // One that has just come may not have the keys yet.
    const close = async () => {
      await closeWindow(app).catch(() => undefined);
      return waitFor(() => webProcesses().length === 0, { what: 'the end', within: 2000 });
    };
    await waitFor(() => close().catch(() => false), {
      within: 30_000,
      what: 'the processes of the web view to end',
      otherwise: () => webProcesses().map(commandOf).join('\n'),
    });
    expect(isAlive(app.pid)).toBe(true);
    await tray.click(['Open Keyturn']);
    await findWindow(app);
    await waitFor(() => webProcesses().length > 0, { what: 'a web view' });
  });

  it('comes back, minimised, when the tray goes; and a new tray has the icon again', async () => {
    const app = { desktop, pid: startDirect(desktop, { args: ['--hidden'] }).pid };
    await tray.waitForItem(() => true, 30_000);
    await tray.waitForMenu(has('Open Keyturn'));
    expect(webProcesses()).toEqual([]);
    await tray.stop();
    await waitFor(() => webProcesses().length > 0, { what: 'a window without a tray' });
    tray = await startTray(desktop);
    await tray.waitForItem(() => true, 30_000);
    await tray.waitForMenu(has('Open Keyturn'));
    await tray.click(['Open Keyturn']);
    await findWindow(app);
  });
});

it('starts at login, without a window, once that is set', async () => {
  const app = await startApp(desktop);
  const done = `
    const done = arguments[arguments.length - 1];
    const { invoke } = window.__TAURI_INTERNALS__;
    invoke('read_settings', { input: null })
      .then(({ settings }) => invoke('save_settings', { input: { ...settings, startAtLogin: arguments[0] } }))
      .then(() => done(true), (refusal) => done(JSON.stringify(refusal)));`;
  const folder = join(desktop.home, '.config/autostart');
  expect(await app.webdriver.executeAsyncScript(done, true)).toBe(true);
  const [file] = readdirSync(folder);
  expect(readFileSync(join(folder, file ?? ''), 'utf8')).toMatch(/^Exec=.*keyturn.* --hidden/m);
  expect(await app.webdriver.executeAsyncScript(done, false)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});
