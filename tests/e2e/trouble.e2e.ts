// What goes wrong is said: in the window where there is one, on standard error where there is none.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  fillVault,
  lock,
  lookingAt,
  makeVault,
  startApp,
  startDesktop,
  startDirect,
  type Desktop,
  type Page,
  type TextOptions,
} from './harness';

let desktop: Desktop;
beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

const NAME = 'org.keyturn.desktop';
const configFolder = () => join(desktop.home, '.config', NAME);
const dataFolder = () => join(desktop.home, '.local/share', NAME);
const logFolder = () => join(dataFolder(), 'logs');
const log = () =>
  readdirSync(logFolder())
    .map((file) => readFileSync(join(logFolder(), file), 'utf8'))
    .join('');

/** What is looked at twice in every size takes its time. */
const timeout = 180_000;

/** A folder below a file cannot be made: this stops even the superuser. */
function belowAFile(): string {
  const file = join(desktop.home, 'a-file');
  writeFileSync(file, '');
  return join(file, 'home');
}

/** The block with this title, which has all three lines. */
async function saidIn(page: Page, name: string, more: TextOptions = {}): Promise<string> {
  const said = await (await page.findByRole('region', { name, ...more })).getText();
  for (const label of ['What happened', 'Is anything lost', 'What next']) {
    expect(said).toContain(label);
  }
  return said;
}

describe.each(['light', 'dark'] as const)('in %s, at 100 and 200 %%', { timeout }, (theme) => {
  it('a settings file that is not understood is said, left alone, and kept when the user starts afresh', async () => {
    mkdirSync(configFolder(), { recursive: true });
    const broken = '{ "format": 1,\n  "theme": dark }';
    writeFileSync(join(configFolder(), 'settings.json'), broken);
    const app = await startApp(desktop, { theme });
    const { page, quit } = app;
    const see = lookingAt(app, theme);
    const place = `line 2, column 12: ${configFolder()}/settings.json`;
    expect(await saidIn(page, 'Settings not understood')).toContain(place);
    await see('start-settings-not-understood', 'small too');
    await makeVault(app);
    await page.click(await page.findByRole('button', { name: /Settings not understood/ }));
    expect(await saidIn(page, 'Settings not understood')).toContain(place);
    await see('settings-not-understood');
    expect(readFileSync(join(configFolder(), 'settings.json'), 'utf8')).toBe(broken);

    await page.click(await page.findByRole('button', { name: 'Start afresh' }));
    const question = await page.findByRole('alertdialog');
    await page.click(await page.findByRole('button', { name: 'Reset settings', within: question }));
    await page.findByRole('radiogroup', { name: 'Colours' });
    expect(readFileSync(join(configFolder(), 'settings.kept-1.json'), 'utf8')).toBe(broken);
    expect(log()).toContain('code="KT-SETTINGS-BROKEN"');
    await quit();
  });

  it('a list of vaults that is not understood is said, left alone, and kept when a new one is begun', async () => {
    const list = join(dataFolder(), 'vaults.json');
    const broken = '[{ "folder": ';
    mkdirSync(dataFolder(), { recursive: true });
    writeFileSync(list, broken);
    const app = await startApp(desktop, { theme });
    const { page, quit } = app;
    expect(await saidIn(page, 'List of vaults not understood')).toContain(list);
    await lookingAt(app, theme)('start-vaults-not-understood', 'small too');
    expect(readFileSync(list, 'utf8')).toBe(broken);

    await makeVault(app);
    expect(readFileSync(join(dataFolder(), 'vaults.kept-1.json'), 'utf8')).toBe(broken);
    expect(log()).toContain('the list of vaults is not understood');
    await lock(app);
    await page.findByRole('heading', { name: 'Unlock Acme' });
    expect(await page.queryByRole('region', { name: 'List of vaults not understood' })).toBeNull();
    await quit();
  });

  it('where settings and log cannot be written there is a window, which says so', async () => {
    const blocked = belowAFile();
    const env = { XDG_CONFIG_HOME: join(blocked, 'config'), XDG_DATA_HOME: join(blocked, 'data') };
    const app = await startApp(desktop, { theme, env });
    const { page, quit } = app;
    const see = lookingAt(app, theme);
    const file = join(blocked, 'config', NAME, 'settings.json');
    const logs = join(blocked, 'data', NAME, 'logs');
    expect(await saidIn(page, 'No log is written')).toContain(logs);
    expect(await saidIn(page, 'Settings not readable')).toContain(file);
    await see('start-home-not-writable', 'small too');
    await makeVault(app);
    await page.click(await page.findByRole('button', { name: /No log is written/ }));
    expect(await saidIn(page, 'No log is written')).toContain(logs);
    await see('log-not-written');
    await page.click(await page.findByRole('button', { name: /Settings not readable/ }));
    expect(await saidIn(page, 'Settings not readable')).toContain(file);
    await see('settings-not-readable');
    await quit();
  });

  it('where the whole home cannot be written a vault is not made there, and it is said', async () => {
    const home = belowAFile();
    const env = {
      HOME: home,
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_DATA_HOME: join(home, '.local/share'),
    };
    const app = await startApp(desktop, { theme, env });
    const { page, quit } = app;
    await saidIn(page, 'No log is written');
    await fillVault(app);
    await page.click(await page.findByRole('button', { name: /^Continue/ }));
    expect(await saidIn(page, 'Not saved', { timeout: 30_000 })).toContain(join(home, 'Vaults'));
    await lookingAt(app, theme)('create-home-not-writable', 'small too');
    await quit();
  });
});

describe('no display', () => {
  it.each([
    ['is named by the session', { DISPLAY: '' }],
    ['answers', { DISPLAY: ':64999' }],
  ])('%s: one sentence with the next step, and no start', async (_, env) => {
    const started = startDirect(desktop, { env });
    expect(await started.end()).toMatchObject({ code: 1 });
    expect(started.stderr()).toMatch(/can't open its window.*Nothing was changed.*npm start/);
  });
});

describe('the log', () => {
  it('tells the start in the log folder, and less when the environment asks for less', async () => {
    const quiet = await startApp(desktop, { env: { KEYTURN_LOG: 'error' } });
    await quiet.page.press('F1');
    await quiet.page.click(await quiet.page.findByRole('button', { name: 'Diagnostics' }));
    await quiet.page.findByText('error');
    await quiet.quit();
    expect(log()).toBe('');
    const usual = await startApp(desktop);
    await usual.page.findByRole('main');
    await usual.quit();
    expect(log()).toMatch(/^\S+Z +INFO keyturn_shell started version="\d/m);
  });
});
