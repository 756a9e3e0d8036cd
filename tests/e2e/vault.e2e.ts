// A vault from its making to every way back into it, as its owner goes through it.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  beginVault,
  choosePlace,
  confirm,
  faultOf,
  fieldOf,
  lock,
  makeVault,
  openScreen,
  PASSPHRASE,
  readCode,
  reasonOf,
  startApp,
  startDesktop,
  unlock,
  vaultFolder,
  type App,
  type Desktop,
  type Page,
} from './harness';

let desktop: Desktop;
let app: App;
let page: Page;
beforeEach(async () => {
  desktop = await startDesktop();
  app = await startApp(desktop);
  page = app.page;
});
afterEach(() => desktop.stop());

const NEW_PASSPHRASE = 'the passphrase after the first one';
const heading = (name: string | RegExp) => page.findByRole('heading', { name });
const press = async (name: string | RegExp) =>
  page.click(await page.findByRole('button', { name }));

/** Goes on with Tab alone until the control has the focus, and types there. */
async function tabTo(name: string | RegExp, typed = ''): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < 30; stop += 1) {
    const active = await page.activeElement();
    seen.push(`${active.role} ${active.name}`);
    if (active.name.match(name)?.[0] === active.name) {
      if (typed) await page.webdriver.actions().sendKeys(typed).perform();
      return;
    }
    await page.press('Tab');
  }
  throw new Error(`Tab does not come to ${name}: ${seen.join(' | ')}`);
}

describe('making a vault', () => {
  it('shows the recovery key once, and takes it as kept when it is typed again', async () => {
    await beginVault(app);
    const key = await readCode(page, 'Recovery key');
    expect(await reasonOf(page, 'Continue')).toMatch(/^First show that you kept the key/);

    const typed = await fieldOf(page, 'Recovery key as you kept it');
    const wrong = `${key.startsWith('7') ? '8' : '7'}${key.slice(1)}`;
    await page.type(typed, wrong);
    await press('Check what I typed');
    await faultOf(page, 'Recovery key as you kept it', /not a whole recovery key/);
    // Selected, so that typing begins anew; case and dashes do not matter.
    await typed.sendKeys(key.toLowerCase().replaceAll('-', ' '));
    await press('Check what I typed');
    await page.findByText(/^It matches/);
    await press('Continue');
    await heading('Make it comfortable');
    expect(await page.text()).not.toContain(key.slice(0, 9));
    await press('Done');
    await heading(/^Inventory/);
    await openScreen(app, 'Security');
    await page.findByText(/^Kept and checked/);
  });

  it('makes files that nobody else on the computer may read', async () => {
    await makeVault(app);
    const folder = vaultFolder(desktop);
    const files = readdirSync(folder);
    expect(files).toContain('vault.hdr');
    for (const file of ['.', ...files])
      expect(statSync(join(folder, file)).mode & 0o077, file).toBe(0);
  });

  it('keeps the recovery key in a file that only its owner reads, and reads it back', async () => {
    await beginVault(app);
    const key = await readCode(page, 'Recovery key');
    const sheet = join(desktop.home, 'sheet.txt');
    await press('Save as a file');
    await choosePlace(desktop, 'Save the recovery sheet', sheet);
    await page.findByText(sheet);
    expect(readFileSync(sheet, 'utf8')).toContain(key.slice(0, 14));
    expect(statSync(sheet).mode & 0o777).toBe(0o600);
    await press('Read the saved file back');
    await page.findByText(/^It matches/);
  });

  it('goes from the first start to the inventory by the keyboard alone', async () => {
    await heading('Welcome to Keyturn');
    await tabTo('Create a vault');
    await page.press('Enter');
    await heading('Choose a passphrase');
    await tabTo('Vault name', 'Acme');
    await tabTo('Your name', 'Ana');
    await tabTo('Passphrase', PASSPHRASE);
    await tabTo('Repeat', PASSPHRASE);
    await page.press('Enter');
    await page.findByRole('heading', { name: 'Keep the recovery key', timeout: 30_000 });
    const key = await readCode(page, 'Recovery key');
    await tabTo('Recovery key as you kept it', key);
    await page.press('Enter');
    await page.findByText(/^It matches/);
    await tabTo('Continue');
    await page.press('Enter');
    await heading('Make it comfortable');
    await tabTo('Done');
    await page.press('Enter');
    await heading(/^Inventory/);
    await page.press('Control+9');
    await heading('Security');
    await page.press('Control+l');
    await heading('Unlock Acme');
    await tabTo('Passphrase', PASSPHRASE);
    await page.press('Enter');
    await page.findByText('Unlocked as Ana · locks after 5 min idle', { timeout: 30_000 });
  });
});

describe('unlocking', () => {
  beforeEach(async () => {
    await makeVault(app);
    await lock(app);
  });

  it('says at the field that a passphrase is wrong, and makes many tries wait', async () => {
    const field = await fieldOf(page, 'Passphrase');
    const wrong = 'not this passphrase';
    const tryOnce = async () => {
      await page.type(field, wrong);
      await page.press('Enter');
      const said = await faultOf(page, 'Passphrase', /doesn't open this vault/);
      expect(said).toContain('Nothing changed.');
      expect(await field.getAttribute('value')).toBe(wrong);
      // What is wrong goes as soon as somebody types: the next one is a new one.
      await field.clear();
    };
    await tryOnce();

    // Each wrong one after the fourth doubles the wait, counted from its beginning; after eight
    // it is longer than a busy machine takes for the derivation.
    const attempts = join(vaultFolder(desktop), 'attempts.json');
    const counted = JSON.parse(readFileSync(attempts, 'utf8')) as { wrong: number };
    expect(counted.wrong).toBe(1);
    writeFileSync(attempts, JSON.stringify({ wrong: 7, last: 0 }));
    await tryOnce();
    await page.findByText(/^Too many tries\. You can try again in 0:\d\d\.$/);
    expect(await reasonOf(page, 'Unlock')).toMatch(/^You can try again in/);
    await page.waitFor(async () => (await page.queryByRole('timer')) === null, {
      what: 'the wait to end',
      within: 30_000,
    });
    await unlock(app);
    await heading(/^Inventory/);
  });

  it('takes a changed passphrase and no longer the old one', async () => {
    await unlock(app);
    await openScreen(app, 'Security');
    await press('Change passphrase');
    await page.type(await fieldOf(page, 'Passphrase until now'), 'not this passphrase');
    await page.type(await fieldOf(page, 'New passphrase'), NEW_PASSPHRASE);
    await page.type(await fieldOf(page, 'Repeat'), NEW_PASSPHRASE);
    const within = await page.findByRole('dialog', { name: 'Change passphrase' });
    const change = { name: 'Change passphrase', within };
    await page.click(await page.findByRole('button', change));
    const until = 'Passphrase until now';
    await faultOf(page, until, /not the passphrase you unlocked this vault with/);
    await (await fieldOf(page, until)).sendKeys(PASSPHRASE);
    await page.click(await page.findByRole('button', change));
    await page.findByText('The new passphrase is in force.', { timeout: 30_000 });

    await lock(app);
    await page.type(await fieldOf(page, 'Passphrase'), PASSPHRASE);
    await page.press('Enter');
    await faultOf(page, 'Passphrase', /doesn't open this vault/);
    await (await fieldOf(page, 'Passphrase')).clear();
    await unlock(app, NEW_PASSPHRASE);
  });

  it('takes the recovery key, asks for a new one then, and no longer takes the old one', async () => {
    await unlock(app);
    await openScreen(app, 'Security');
    await press('Make a new one');
    await confirm(app, 'Make recovery key');
    const first = await readCode(page, 'Recovery key');
    await press('Later');
    await lock(app);

    await press('Use the recovery key');
    await page.type(await fieldOf(page, 'Recovery key'), first);
    await page.press('Enter');
    await page.findByText(/^The vault was opened with your recovery key\./, { timeout: 30_000 });
    await press('Go to Security');
    await page.findByText(/^It was used to unlock\. Make a new one/);
    await press('Make a new one');
    await confirm(app, 'Make recovery key');
    const second = await readCode(page, 'Recovery key');
    expect(second).not.toBe(first);
    await page.type(await fieldOf(page, 'Recovery key as you kept it'), second);
    await press('Check what I typed');
    await page.findByText(/^It matches/);
    await press('Done');
    await page.findByText(/^Kept and checked\./);
    await lock(app);

    await press('Use the recovery key');
    await page.type(await fieldOf(page, 'Recovery key'), first);
    await page.press('Enter');
    await faultOf(page, 'Recovery key', /not the one in force here/);
    await press('Use the passphrase');
    await unlock(app);
  });
});

describe('a vault whose header has one wrong byte', () => {
  it('stays shut, is said in three lines, and is left as it is', async () => {
    await makeVault(app);
    await page.press('Control+q');
    await app.quit();
    const file = join(vaultFolder(desktop), 'vault.hdr');
    const bytes = readFileSync(file);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(file, bytes);

    ({ page } = app = await startApp(desktop));
    const block = await page.findByRole('region', { name: 'Vault header damaged' });
    const said = await block.getText();
    expect(said).toContain(`is not what Keyturn wrote: ${file}`);
    expect(said).toContain('Keyturn changed nothing.');
    expect(said).toContain('restore the vault from a backup');
    await press('Try again');
    await page.findByRole('region', { name: 'Vault header damaged' });
    expect(await page.queryByRole('button', { name: 'Unlock' })).toBeNull();
    expect(readFileSync(file)).toEqual(bytes);
  });
});
