// Files that come in through the real window: opened with their password, stopped, mapped otherwise, taken back later.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WebElement } from 'selenium-webdriver';
import {
  choosePlace,
  faultOf,
  fieldOf,
  makeVault,
  startApp,
  startDesktop,
  type Desktop,
  type Page,
} from './harness';

const FILE_PASSWORD = 'fixture of a file';
const LONG = { timeout: 120_000 };

let desktop: Desktop;
let page: Page;

beforeEach(async () => {
  desktop = await startDesktop();
  const app = await startApp(desktop);
  page = app.page;
  await makeVault(app);
});

afterEach(() => desktop.stop());

const press = async (name: string | RegExp, within?: WebElement) =>
  page.click(await page.findByRole('button', { name, ...(within ? { within } : {}) }));
const sheet = () => page.findByRole('dialog', { name: 'Import' });
const heading = (name: string) => page.findByRole('heading', { name, ...LONG });

/** Waits until the inventory has a row of this name. */
const row = (name: string) =>
  page.waitFor(
    () =>
      page.run<boolean>(
        `const rows = [...document.querySelectorAll('[role=row][aria-rowindex] .name')];
        return rows.some((one) => one.textContent.trim() === arguments[0]);`,
        name,
      ),
    { what: `the row ${name}`, otherwise: page.text },
  );

/** Opens the sheet and chooses the file. */
async function choose(file: string): Promise<void> {
  await press('Import');
  await press(/^Choose a file/, await sheet());
  await choosePlace(desktop, 'Choose a file to import', file);
}

/** Writes a file into the home of the desktop. */
function put(name: string, text: string): string {
  const file = join(desktop.home, name);
  writeFileSync(file, text);
  return file;
}

/** A database that KeePassXC made: one entry with an attachment. */
function database(): string {
  const file = join(desktop.home, 'old.kdbx');
  const keepassxc = (...of: string[]) =>
    execFileSync('keepassxc-cli', of, {
      input: `${FILE_PASSWORD}\n${FILE_PASSWORD}\n`,
      env: { ...process.env, HOME: desktop.home, QT_QPA_PLATFORM: 'offscreen' },
    });
  keepassxc('db-create', '-q', '-p', '-t', '100', file);
  keepassxc('add', '-q', '-g', '-u', 'root', file, 'router');
  const attached = put('rack.txt', 'fixture of a rack');
  keepassxc('attachment-import', '-q', file, 'router', 'rack.txt', attached);
  return file;
}

it('opens a KDBX with its password, and names the attachment that stays behind', async () => {
  await choose(database());
  await heading('Open the file');
  await page.type(await fieldOf(page, 'Password of the file'), 'another fixture');
  await press('Open file');
  await faultOf(page, 'Password of the file', /does not open the file/);
  const field = await fieldOf(page, 'Password of the file');
  await field.clear();
  await page.type(field, FILE_PASSWORD);
  await press('Open file');
  await heading('What would come in');
  await page.findByText('1 attachment.');
  await press('Import 1 credential');
  await page.findByText('1 credential came in');
  await page.findByText('Your file is encrypted.');
  await press('Done');
  await row('router');
});

it('stops an import on the way, and nothing came in', { timeout: 300_000 }, async () => {
  const many = Array.from({ length: 40_000 }, (_, n) => `KEY_${n}=fixture-${n}`).join('\n');
  await choose(put('many.env', many));
  await heading('What would come in');
  await press('Import 40,000 credentials');
  await press('Stop');
  await page.findByRole('button', { name: 'Import 40,000 credentials', ...LONG });
  const alerts = await page.allByRole('alert');
  expect((await Promise.all(alerts.map((alert) => alert.getText()))).join('')).toBe('');
  await page.press('Escape');
  await page.findByText(/^Nothing stored yet/);
});

it('brings a column in as what a person says that it is', async () => {
  await choose(put('a table.csv', 'name,password,colour\nmail,fixture-1,red\n'));
  await heading('What the columns become');
  const becomes = async (column: string, target: string) => {
    const list = await page.findByRole('combobox', { name: `${column} becomes` });
    await page.click(await page.findByRole('option', { name: target, within: list }));
  };
  await becomes('colour', 'Owner');
  await press('Show what comes in');
  await heading('What would come in');
  await press('Back');
  await heading('What the columns become');
  await becomes('colour', 'Leave out');
  await page.findByText('1 column will be left out.');
  await becomes('colour', 'Environment');
  await press('Show what comes in');
  await heading('What would come in');
  const entries = await page.findByRole('list', { name: 'Entries' });
  await page.findByText('red', { within: entries });
  await press('Import 1 credential');
  await page.findByText('1 credential came in');
});

it('takes an import back after its sheet was closed', async () => {
  await choose(put('service.env', 'API_KEY=fixture-of-nobody\n'));
  await press('Import 1 credential');
  await page.findByText('1 credential came in');
  await press('Done');
  await row('API_KEY');
  await press('Import');
  await press('Undo import', await sheet());
  await page.findByText('The import was undone');
  await press('Done');
  await page.findByText(/^Nothing stored yet/);
});
