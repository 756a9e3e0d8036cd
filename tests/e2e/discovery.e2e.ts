// A folder is searched in the real window: who uses a credential is accepted, and what lies open is seen, in both themes.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebElement } from 'selenium-webdriver';
import {
  choosePlace,
  lookingAt,
  makeVault,
  openScreen,
  startApp,
  startDesktop,
  type App,
  type Desktop,
  type Look,
  type Page,
  type Theme,
} from './harness';

const [PAY, MAIL] = ['fixture-value-of-pay', 'fixture-value-of-mail'];
const LONG = { timeout: 60_000 };

let desktop: Desktop;
let app: App;
let page: Page;
let see: Look;

beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

const press = async (name: string | RegExp, within?: WebElement) =>
  page.click(await page.findByRole('button', { name, ...(within ? { within } : {}) }));
const heading = (name: string) => page.findByRole('heading', { name, ...LONG });

/** Writes a file into the home of the desktop. */
function put(name: string, text: string): string {
  const file = join(desktop.home, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A vault with two credentials, and a folder in which one is used and the other lies open. */
async function begin(theme: Theme): Promise<string> {
  app = await startApp(desktop, { theme });
  page = app.page;
  see = lookingAt(app, theme);
  await makeVault(app);
  const values = put('values.env', `pay-key=${PAY}\nmail-relay=${MAIL}\n`);
  await press('Import');
  await press(/^Choose a file/, await page.findByRole('dialog', { name: 'Import' }));
  await choosePlace(desktop, 'Choose a file to import', values);
  await press('Import 2 credentials');
  await page.findByText('2 credentials came in');
  await press('Done');

  put('src/shop/compose.yaml', 'services:\n  web:\n    env_file: .env\n');
  put('src/shop/.env', `PAY_KEY=${PAY}\nLEVEL=info\n`);
  put('src/notes.txt', `to be changed soon: ${MAIL}\n`);
  put('src/broken/compose.yaml', 'services: [\n');
  put('src/logo.png', '\0');
  symlinkSync(join(desktop.home, 'src'), join(desktop.home, 'src/loop'));
  return join(desktop.home, 'src');
}

async function search(folder: string): Promise<void> {
  await press('Find uses');
  await heading('Choose where to look');
  await press('Choose a folder');
  await choosePlace(desktop, 'Choose a folder to search', folder);
  await page.findByText(folder);
}

describe.each(['light', 'dark'] as const)('finding uses, in %s', (theme) => {
  it('proposes what it finds, and keeps what is accepted', { timeout: 300_000 }, async () => {
    const folder = await begin(theme);
    await openScreen(app, 'Consumers');
    await see('consumers-none');
    await search(folder);
    await see('discovery-where', 'small too');
    await press('Search');
    await heading('What was found');
    const all = await page.text();
    expect(all).toContain('shop / web uses pay-key');
    expect(all).toContain('The value of mail-relay lies open');
    expect(all).toContain('notes.txt, line 1');
    for (const left of ['Damaged at line', 'Binary, and left out', 'Not followed']) {
      expect(all).toContain(left);
    }
    await see('discovery-found', 'small too');
    await press('Accept 1 finding');
    await page.findByText('1 binding added');
    await see('discovery-done');
    await press('Done');
    const consumer = await page.findByRole('region', { name: 'shop / web' });
    await page.findByText('pay-key', { within: consumer });
    await page.findByText(/^Found in files/, { within: consumer });
    await see('consumers-found');

    await search(folder);
    await press('Search');
    await heading('What was found');
    expect(await page.text()).toContain('Accept to note that it was seen today.');
    await press('Back');
    await page.click(await page.findByRole('radio', { name: 'A Kubernetes cluster' }));
    await see('discovery-cluster', 'small too');
    const text = await page.run<string>('return document.documentElement.outerHTML');
    for (const value of [PAY, MAIL]) expect(text).not.toContain(value);
  });
});
