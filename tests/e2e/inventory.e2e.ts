// The inventory as a person uses it: adding, finding, taking values, changing many, bringing in, sending out.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WebElement } from 'selenium-webdriver';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  choosePlace,
  fieldOf,
  lock,
  makeVault,
  PASSPHRASE,
  pasteInto,
  startApp,
  startDesktop,
  type App,
  type Desktop,
  type Page,
} from './harness';

const KEY = `sk_live_${'Fixture0'.repeat(3)}`;

let desktop: Desktop;
let app: App;
let page: Page;

beforeEach(async () => {
  desktop = await startDesktop();
  app = await startApp(desktop);
  page = app.page;
  await makeVault(app);
});

afterEach(() => desktop.stop());

const press = async (name: string | RegExp, within?: WebElement) =>
  page.click(await page.findByRole('button', { name, ...(within ? { within } : {}) }));
const write = (text: string) => page.webdriver.actions().sendKeys(text).perform();
const heading = (name: string | RegExp) => page.findByRole('heading', { name, level: 1 });

/** Counts what a person does: presses of the pointer, and key strokes that type no text. */
async function counting(): Promise<() => Promise<number>> {
  await page.run(`
    window.strokes = 0;
    addEventListener('pointerup', () => (window.strokes += 1), true);
    addEventListener('keydown', ({ key, ctrlKey }) => {
      const modifier = ['Control', 'Shift', 'Alt', 'Meta'].includes(key);
      if (!modifier && (ctrlKey || key.length > 1)) window.strokes += 1;
    }, true);`);
  return () => page.run<number>('return window.strokes');
}

/** Adds a credential by pasting its value. */
async function add(value: string, name?: string): Promise<void> {
  await page.press('Control+n');
  await page.findByRole('dialog', { name: /^Add credential/ });
  await pasteInto(page, value);
  const field = await fieldOf(page, 'Name');
  await page.waitFor(async () => Boolean(await field.getAttribute('value')), {
    what: 'a name for what was pasted',
  });
  if (name) {
    await field.clear();
    await page.type(field, name);
  }
  await page.press('Control+Enter');
  await heading(name ?? /./);
}

async function addThree(): Promise<void> {
  await add('postgres://app:fixture@db.example:5432/orders', 'orders-db');
  await add(`whsec_${'Fixture0'.repeat(4)}`, 'hooks-billing');
  await add(`ghp_${'Fixture00'.repeat(4)}`, 'deploy-token');
  await page.press('Control+1');
  await heading(/^Inventory/);
}

const names = async () =>
  page.run<string[]>(
    `return [...document.querySelectorAll('[role=row][aria-rowindex] .name')]
       .filter((one) => one.checkVisibility())
       .map((one) => one.textContent.trim())`,
  );
const waitForNames = (wanted: string[]) =>
  page.waitFor(async () => JSON.stringify((await names()).toSorted()) === JSON.stringify(wanted), {
    what: `the rows ${wanted.join(', ')}`,
    otherwise: async () => `${(await names()).join(', ')}\n${await page.text()}`,
  });

/** What is in the clipboard of the display, or nothing. */
const clipboard = () => desktop.run('xclip', ['-selection', 'clipboard', '-o']).catch(() => '');

describe('adding', () => {
  it('takes a paste and a policy in at most six interactions', async () => {
    await page.findByText(/^Nothing stored yet/);
    const interactions = await counting();
    await press(/^Add first credential/);
    await page.findByRole('dialog', { name: /^Add credential/ });
    await pasteInto(page, KEY);
    await page.findByText(/^Filled in: API key/);
    await page.press('Control+Enter');
    await heading('Stripe secret key');
    // The paste itself is one more.
    expect((await interactions()) + 1).toBeLessThanOrEqual(6);
    await page.findByText('Every 90 days');
    await page.findByText('90 days');
    expect(await page.text()).not.toContain(KEY);
  });

  it('says at the field what is missing, and keeps what was typed', async () => {
    await page.press('Control+n');
    await page.findByRole('dialog', { name: /^Add credential/ });
    await page.type(await fieldOf(page, 'Name'), 'half a thing');
    await page.press('Control+Enter');
    const secret = await fieldOf(page, 'Secret');
    await page.waitFor(async () => (await secret.getAttribute('aria-invalid')) === 'true', {
      what: 'the fault at the field',
    });
    expect(await (await fieldOf(page, 'Name')).getAttribute('value')).toBe('half a thing');
  });
});

describe('taking a value', () => {
  it('finds and copies in three key strokes, and the clipboard is emptied at locking', async () => {
    await addThree();
    const strokes = await counting();
    await page.press('Control+k');
    await page.findByRole('combobox', { name: 'Credential or command' });
    await write('ord');
    await page.findByRole('option', { name: /^orders-db/ });
    await page.press('Enter');
    expect(await strokes()).toBeLessThanOrEqual(3);
    await page.findByText(/^Copied orders-db\. Clears in 30 s/);
    expect(await clipboard()).toBe('fixture');
    const marked = desktop.run('xclip', [
      ...['-selection', 'clipboard', '-o', '-t', 'x-kde-passwordManagerHint'],
    ]);
    expect(await marked).toBe('secret');
    await lock(app);
    await page.waitFor(async () => (await clipboard()) === '', { what: 'an empty clipboard' });
  });

  it('shows a value only when it is asked for, and hides it when the window loses the focus', async () => {
    await add(KEY);
    expect(await page.text()).not.toContain(KEY);
    await press('Reveal Secret');
    await page.findByText(KEY);
    await page.run('window.dispatchEvent(new Event("blur"))');
    await page.waitFor(async () => !(await page.text()).includes(KEY), {
      what: 'the value to be hidden',
    });
    await page.findByText(/^Revealed 1 time,/);
  });
});

describe('the list', () => {
  it('is filtered by words and chips that mirror each other', async () => {
    await addThree();
    await page.press('Control+f');
    await write('kind:apiKey');
    await waitForNames(['deploy-token']);
    await press(/^Remove filter/);
    await waitForNames(['deploy-token', 'hooks-billing', 'orders-db']);
    await page.press('Control+f');
    await write('hoosk');
    await waitForNames(['hooks-billing']);
    await page.findByText('Nothing has ‘hoosk’. Showing ‘hooks’.');
    await press('Clear filters');
    await write('nothing at all');
    await page.findByText('Nothing fits');
  });

  it('puts several away at once and takes them back', async () => {
    await addThree();
    await page.press('Control+f', 'Down', 'Control+a');
    await page.findByText('3 selected');
    await press('Archive', await page.findByRole('region', { name: 'Selection' }));
    await waitForNames([]);
    await press('Undo');
    await waitForNames(['deploy-token', 'hooks-billing', 'orders-db']);
  });
});

describe('bringing in and sending out', () => {
  it('previews a file, brings it in as one, and takes it back', async () => {
    const file = join(desktop.home, 'service.env');
    writeFileSync(
      file,
      'DATABASE_URL=postgres://app:fixture@db.example/orders\nAPI_KEY=fixture-of-nobody\n',
    );
    await press('Import');
    const dialog = await page.findByRole('dialog', { name: 'Import' });
    await press(/^Choose a file/, dialog);
    await choosePlace(desktop, 'Choose a file to import', file);
    await press(/^Import 2 credentials/);
    await page.findByText(/still holds plain secrets/);
    await press('Undo import');
    await page.findByText('The import was undone');
    await press('Done');
    await page.findByText(/^Nothing stored yet/);
    expect(readFileSync(file, 'utf8')).toContain('fixture');
  });

  it('writes a KDBX that KeePassXC opens, for its owner alone', async () => {
    await addThree();
    const file = join(desktop.home, 'out.kdbx');
    await press('Export');
    await page.findByRole('dialog', { name: /^Export/ });
    await page.click(await page.findByRole('radio', { name: /^KDBX/ }));
    await press('Choose');
    await choosePlace(desktop, 'Save the export', file);
    await page.type(await fieldOf(page, 'Password of the file'), 'another fixture of a file');
    await page.type(await fieldOf(page, 'Repeat'), 'another fixture of a file');
    await page.type(await fieldOf(page, 'Your passphrase'), PASSPHRASE);
    await press(/^Export 3|^Export/, await page.findByRole('dialog', { name: /^Export/ }));
    await page.findByRole('dialog', { name: 'Exported', timeout: 30_000 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const listed = execFileSync('keepassxc-cli', ['ls', '-q', '-R', '-f', file], {
      input: 'another fixture of a file\n',
      env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' },
    }).toString();
    for (const name of ['orders-db', 'hooks-billing', 'deploy-token'])
      expect(listed).toContain(name);
  });
});
