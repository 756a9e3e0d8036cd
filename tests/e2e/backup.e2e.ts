// A backup is made, tried out, and becomes a vault again.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  checkAccessibility,
  choosePlace,
  faultOf,
  fieldOf,
  lock,
  makeVault,
  openScreen,
  PASSPHRASE,
  startApp,
  startDesktop,
  vaultFolder,
  type Desktop,
} from './harness';

let desktop: Desktop;
beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

it('makes a backup, tests that it restores, and restores it at a new place', async () => {
  const app = await startApp(desktop);
  const { page } = app;
  const press = async (name: string | RegExp) =>
    page.click(await page.findByRole('button', { name }));
  await makeVault(app);
  await openScreen(app, 'Backup');
  const backups = () => readdirSync(join(vaultFolder(desktop), 'backups'));
  const isNew = (name: string, before: string[]) =>
    name.endsWith('.keyturn-backup') && !before.includes(name);
  const before = backups();
  await press('Back up now');
  await page.findByText('A backup was made.', { timeout: 30_000 });
  expect(backups().filter((name) => isNew(name, before))).toHaveLength(1);
  const tests = () => page.allByRole('button', { name: /^Test restore of today/ });
  const newest = (await tests())[0];
  if (newest) await page.click(newest);
  await page.findByText(/^Restores: 0 credentials and \d+ audit entries$/, { timeout: 30_000 });
  await checkAccessibility(page, 'a tested backup');

  const file = join(desktop.home, 'elsewhere');
  await press(/^Back up to/);
  await choosePlace(desktop, 'Save a backup', file);
  await page.findByText(/^A backup was made and read back: 0 credentials/, { timeout: 30_000 });
  expect(existsSync(`${file}.keyturn-backup`)).toBe(true);

  await lock(app);
  await press('Restore from backup');
  await press('Choose a backup');
  await choosePlace(desktop, 'Choose a backup', `${file}.keyturn-backup`);
  await page.findByText(/^Made today, /);
  await page.type(await fieldOf(page, 'Passphrase'), 'not this passphrase');
  await press('Restore vault');
  await faultOf(page, 'Passphrase', /doesn't open this backup\. Nothing was restored\./);

  // The place of the vault that is there is refused, and nothing there is touched.
  const place = await fieldOf(page, 'New place');
  const suggested = (await place.getAttribute('value')) ?? '';
  expect(suggested).toBe(`${vaultFolder(desktop)} 2`);
  const there = readdirSync(vaultFolder(desktop));
  await (await fieldOf(page, 'Passphrase')).clear();
  await page.type(await fieldOf(page, 'Passphrase'), PASSPHRASE);
  await place.clear();
  await page.type(place, vaultFolder(desktop));
  await press('Restore vault');
  await faultOf(page, 'New place', /Keyturn does not write over it/);
  expect(readdirSync(vaultFolder(desktop))).toEqual(there);

  await place.clear();
  await page.type(place, suggested);
  await press('Restore vault');
  await page.findByText(/^Unlocked as Ana/, { timeout: 30_000 });
  await openScreen(app, 'Security');
  await page.findByText(suggested);
  await lock(app);
  await press('Other vaults');
  await page.findByRole('heading', { name: 'Vaults of this computer' });
  expect(await page.allByRole('button', { name: /^Acme/ })).toHaveLength(2);
}, 120_000);
