// What goes wrong is said: in the window where there is one, on standard error where there is none.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkAccessibility,
  makeVault,
  screenshot,
  startApp,
  startDesktop,
  startDirect,
  type Desktop,
} from './harness';

let desktop: Desktop;
beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

const NAME = 'org.keyturn.desktop';
const configFolder = () => join(desktop.home, '.config', NAME);
const logFolder = () => join(desktop.home, '.local/share', NAME, 'logs');
const log = () =>
  readdirSync(logFolder())
    .map((file) => readFileSync(join(logFolder(), file), 'utf8'))
    .join('');

describe('a settings file that is not understood', () => {
  it('is said in three lines, left alone, and kept when the user starts afresh', async () => {
    mkdirSync(configFolder(), { recursive: true });
    const broken = '{ "format": 1,\n  "theme": dark }';
    writeFileSync(join(configFolder(), 'settings.json'), broken);
    const app = await startApp(desktop);
    const { page, quit } = app;
    await page.findByRole('region', { name: 'Settings not understood' });
    await checkAccessibility(page, 'welcome with settings that are not understood');
    await makeVault(app);
    await page.click(await page.findByRole('button', { name: /Settings not understood/ }));
    const block = await page.findByRole('region', { name: 'Settings not understood' });
    const said = await block.getText();
    for (const label of ['What happened', 'Is anything lost', 'What next']) {
      expect(said).toContain(label);
    }
    expect(said).toContain(`line 2, column 12: ${configFolder()}/settings.json`);
    await screenshot(desktop, 'settings-not-understood');
    await checkAccessibility(page, 'settings not understood');
    expect(readFileSync(join(configFolder(), 'settings.json'), 'utf8')).toBe(broken);

    await page.click(await page.findByRole('button', { name: 'Start afresh' }));
    const question = await page.findByRole('alertdialog');
    await page.click(await page.findByRole('button', { name: 'Reset settings', within: question }));
    await page.findByRole('radiogroup', { name: 'Colours' });
    expect(readFileSync(join(configFolder(), 'settings.kept-1.json'), 'utf8')).toBe(broken);
    expect(log()).toContain('code="KT-SETTINGS-BROKEN"');
    await quit();
  });
});

describe('a home folder that cannot be written', () => {
  it('still gets a window, which says what is not kept and that no log is written', async () => {
    // A file where a folder should be: this stops even the superuser.
    const blocked = join(desktop.home, 'blocked');
    writeFileSync(blocked, '');
    const env = { XDG_CONFIG_HOME: join(blocked, 'config'), XDG_DATA_HOME: join(blocked, 'data') };
    const app = await startApp(desktop, { env });
    const { page, quit } = app;
    await page.findByRole('region', { name: 'No log is written' });
    await page.findByRole('region', { name: 'Settings not readable' });
    await screenshot(desktop, 'home-not-writable-welcome');
    await checkAccessibility(page, 'welcome where the home is not writable');
    await makeVault(app);
    await page.click(await page.findByRole('button', { name: /No log is written/ }));
    await page.findByRole('region', { name: 'No log is written' });
    await page.click(await page.findByRole('button', { name: /Settings not readable/ }));
    const block = await page.findByRole('region', { name: 'Settings not readable' });
    expect(await block.getText()).toContain(join(blocked, 'config', NAME, 'settings.json'));
    await screenshot(desktop, 'home-not-writable');
    await checkAccessibility(page, 'home not writable');
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
