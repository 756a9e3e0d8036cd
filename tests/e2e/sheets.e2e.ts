// Every sheet and dialog over a screen, and every run that went wrong, in every look: a picture of each, and no accessibility fault in any.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { WebElement } from 'selenium-webdriver';
import {
  checkAccessibility,
  choosePlace,
  fieldOf,
  invite,
  lookingAt,
  makeVault,
  openCredential,
  openScreen,
  PASSPHRASE,
  pasteInto,
  screenshot,
  startApp,
  startDemo,
  startDesktop,
  type App,
  type Desktop,
  type Look,
  type Page,
  type Theme,
} from './harness';

let desktop: Desktop;
let app: App;
let page: Page;
let see: Look;
beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

const LONG = { timeout: 60_000 };

async function begin(theme: Theme) {
  app = await startApp(desktop, { theme });
  page = app.page;
  see = lookingAt(app, theme);
}

const press = async (name: string | RegExp, within?: WebElement) =>
  page.click(await page.findByRole('button', { name, ...(within ? { within } : {}) }));
const dialog = (name: string | RegExp, role: 'dialog' | 'alertdialog' = 'dialog') =>
  page.findByRole(role, { name });
const has = (text: string) =>
  page.waitFor(async () => (await page.text()).includes(text), {
    what: text,
    within: 60_000,
    otherwise: page.text,
  });

async function gone() {
  const left = async () => [
    ...(await page.allByRole('dialog')),
    ...(await page.allByRole('alertdialog')),
  ];
  await page.waitFor(async () => (await left()).length === 0, {
    what: 'the dialog to be closed',
    otherwise: page.text,
  });
}

async function leave() {
  await page.press('Escape');
  await gone();
}

async function choose(menu: string | RegExp, item: string | RegExp) {
  await press(menu);
  await page.click(await page.findByRole('menuitem', { name: item }));
}

/** Selects what is in the grid. */
async function selectAll(amount: string) {
  await page.press('Control+f', 'Down', 'Control+a');
  await page.findByText(`${amount} selected`);
}

describe.each(['light', 'dark'] as const)('in %s, at 100 and 200 %%', (theme) => {
  it('every sheet of the inventory is readable', { timeout: 300_000 }, async () => {
    await begin(theme);
    await startDemo(app);
    await page.press('Control+f', 'Down', 'Space');
    await page.findByRole('button', { name: 'Close preview' });
    await see('preview', 'small too');
    await press('Close preview');
    await selectAll('32');
    await see('selection', 'small too');
    await press('Apply policy');
    await dialog(/^Apply policy to 32/);
    await see('bulk-policy', 'small too');
    await leave();
    await press('Owner, env, tags');
    await dialog(/^Owner, env, tags of 32/);
    await see('bulk-words', 'small too');
    await leave();
    await press('Rotate…');
    await dialog('Rotate 32 credentials');
    await has('can be rotated now');
    await see('bulk-rotate', 'small too');
    await leave();
    await press('Clear selection');
    await press(/^Save view/);
    await dialog('Save view');
    await see('save-view');
    await leave();

    // How the list is shown
    for (const menu of ['Sort', 'Group', 'Columns']) {
      await press(new RegExp(`^${menu}`));
      await page.findByRole('menu');
      await see(`menu-${menu.toLowerCase()}`);
      await page.press('Escape');
    }
    await choose('Group', 'By type');
    await page.findByRole('button', { name: 'Group: type' });
    await see('grouped', 'small too');
    await choose('Group: type', 'No groups');
    await page.press('Control+f', ...'zzzz');
    await page.findByText('Nothing fits');
    await see('nothing-fits', 'small too');
    await page.press('Control+f', 'Backspace');
    await page.findByText('payment-gateway');

    // Of one credential
    await openCredential(app, 'payment-gateway');
    await has('Consumers');
    await see('detail', 'small too');
    await openCredential(app, 'status-page');
    await choose(/^More/, 'Archive');
    await has('Archived');
    await see('detail-archived');
    await choose(/^More/, /^Delete/);
    await dialog(/^Delete status-page/, 'alertdialog');
    await see('delete-credential', 'small too');
    await page.type(await fieldOf(page, 'Type status-page to delete it'), 'another');
    await press('Delete credential');
    await has('Type the name as it is written');
    await see('delete-credential-mistyped');
    await leave();
    await openCredential(app, 'break-glass');
    await press(/^Reveal/);
    await page.findByRole('button', { name: 'Hide Value' });
    await see('revealed');
    await press('Archived');
    await page.findByRole('grid');
    await selectAll('1');
    await see('selection-archived');
    await press('Delete', await page.findByRole('region', { name: 'Selection' }));
    await dialog(/^Delete status-page/, 'alertdialog');
    await see('bulk-delete', 'small too');
    await leave();
    await app.quit();
  });

  it('every step of an import is readable', { timeout: 300_000 }, async () => {
    await begin(theme);
    await makeVault(app);
    const file = join(desktop.home, 'a table.csv');
    const rows = ['name,username,password,url,colour', 'mail,ana,fixture-1,https://a.example,red'];
    writeFileSync(file, rows.join('\n'));
    await press('Import');
    await press(/^Choose a file/, await dialog('Import'));
    await choosePlace(desktop, 'Choose a file to import', file);
    await page.findByRole('heading', { name: 'What the columns become' });
    await see('import-columns', 'small too');
    await press('Show what comes in');
    await page.findByRole('heading', { name: 'What would come in' });
    await see('import-preview', 'small too');
    await press(/^Import 1/);
    await page.findByRole('heading', { name: 'Done' });
    await see('import-done', 'small too');
    await press('Delete file');
    await dialog('Delete the export file?', 'alertdialog');
    await see('import-delete-file');
    await press('Delete file', await dialog('Delete the export file?', 'alertdialog'));
    await has('The file was deleted');
    await press('Undo import');
    await dialog('Undo the import?', 'alertdialog');
    await see('import-undo');
    await page.press('Escape');
    await page.waitFor(async () => (await page.queryByRole('alertdialog')) === null, {
      what: 'the question to be closed',
    });
    const broken = join(desktop.home, 'a broken base.kdbx');
    writeFileSync(broken, Buffer.from('03d9a29a67fb4bb501000400ffffffff', 'hex'));
    await press('Import another file');
    await press(/^Choose a file/);
    await choosePlace(desktop, 'Choose a file to import', broken);
    await page.findByRole('heading', { name: 'Open the file' });
    await see('import-password', 'small too');
    await page.type(await fieldOf(page, 'Password of the file'), 'fixture');
    await press('Open file');
    await has('What happened');
    await see('import-refused', 'small too');
    await leave();
    await app.quit();
  });

  it('every form of an issuer and a consumer is readable', { timeout: 300_000 }, async () => {
    await begin(theme);
    await startDemo(app);
    await openScreen(app, 'Issuers');
    for (const sort of [
      'MySQL',
      'Redis',
      'Cloudflare',
      'Own template',
      'Custom webhook',
      'Webhook signing secret',
      'By hand',
    ]) {
      await press('Add account');
      await page.findByRole('searchbox', { name: 'Search databases and services' });
      await press(new RegExp(`^${sort}`));
      await page.findByRole('button', { name: 'Save account' });
      await see(`issuers-${sort.toLowerCase().replaceAll(' ', '-')}`);
      await press('Save account');
      await page.waitFor(
        () => page.run<boolean>(`return !!document.querySelector('[aria-invalid="true"]')`),
        { what: 'a field that is refused', otherwise: page.text },
      );
      await see(`issuers-${sort.toLowerCase().replaceAll(' ', '-')}-refused`);
      await page.press('Escape');
      await page.press('Escape');
      await gone();
    }
    await press('Test connection of Sandbox');
    await has('Works');
    await see('issuers-tested');
    await choose('More for Sandbox', 'Look for orphans');
    await dialog(/^Orphans at/);
    await page.waitFor(
      () => page.run<boolean>(`return document.querySelectorAll('[role=dialog] li').length > 0`),
      { what: 'the orphans of the demo', otherwise: page.text },
    );
    await see('orphans');
    await leave();
    await choose('More for Sandbox', 'Delete account');
    await page.findByRole('alertdialog');
    await see('delete-account');
    await leave();

    await openScreen(app, 'Consumers');
    await press('Edit payment-gateway for shop');
    await page.findByRole('dialog');
    await see('binding', 'small too');
    await leave();
    await press('Test payment-gateway for shop');
    await see('consumers-tested');

    // An issuer that does not answer
    await page.press('Control+1');
    await press(/^Let the sandbox fail/);
    await page.click(await page.findByRole('switch', { name: 'Offline' }));
    await leave();
    await openCredential(app, 'search-index');
    await press('Rotate…');
    await page.findByRole('button', { name: 'Look again', ...LONG });
    await see('rotation-plan-offline', 'small too');
    await leave();
    await app.quit();
  });

  it(
    'a run that was undone, that stopped, and that waits for a person is readable',
    { timeout: 300_000 },
    async () => {
      await begin(theme);
      await startDemo(app);
      const openRun = async (name: string) => {
        await openScreen(app, 'Rotations');
        const runs = () => page.allByRole('button', { name: new RegExp(`^${name}`) });
        const [run] = await page.waitFor(
          async () => {
            const found = await runs();
            return found.length > 0 && found;
          },
          { what: `a run of ${name}`, otherwise: page.text },
        );
        if (run) await page.click(run);
        await page.findByRole('heading', { name: `Run of ${name}`, level: 1 });
      };
      await openRun('payment-gateway');
      await see('run-undone', 'small too');
      await openRun('maps-api');
      await has('Stopped at step');
      await see('run-stopped', 'small too');
      await press('Try again');
      await has('ended ');
      await see('run-ended', 'small too');
      await openCredential(app, 'maps-api');
      await press('Rotate…');
      await press('Rotate now', await dialog(/^Rotate maps-api/));
      await page.findByRole('button', { name: 'Done, continue', ...LONG });
      await see('run-by-hand', 'small too');
      await app.quit();
    },
  );

  it(
    'a member who is changed, and the question for the passphrase, are readable',
    { timeout: 300_000 },
    async () => {
      await begin(theme);
      await makeVault(app);
      await openScreen(app, 'Members');
      await invite(app, 'Ben', 'Rotator');
      await press('Done');
      await press('Change Ben');
      await dialog('Change Ben');
      await see('change-member', 'small too');
      await leave();
      await openScreen(app, 'Security');
      await press('Make a new one');
      await dialog(/recovery key/i);
      await see('ask-passphrase');
      await leave();
      await app.quit();
    },
  );

  it('every question before something goes is readable', { timeout: 300_000 }, async () => {
    await begin(theme);
    await makeVault(app);
    await press('look around in the demo');
    await dialog('Lock this vault for the demo?');
    await see('leave-for-demo');
    await leave();
    await openScreen(app, 'Policies');
    await press('New policy');
    await page.type(await fieldOf(page, 'Name'), 'Every quarter');
    await page.press('Control+Enter');
    await press('Delete Every quarter');
    await dialog('Delete Every quarter?', 'alertdialog');
    await see('delete-policy');
    await leave();
    await openScreen(app, 'Consumers');
    await press('Add consumer');
    await page.type(await fieldOf(page, 'Name'), 'shop');
    await page.press('Control+Enter');
    await choose('More for shop', 'Delete consumer');
    await dialog('Delete shop?', 'alertdialog');
    await see('delete-consumer');
    await leave();
    await page.press('Control+1', 'Control+n');
    await dialog(/^Add credential/);
    await pasteInto(page, `sk_live_${'Fixture0'.repeat(3)}`);
    await page.findByText(/^Filled in: API key/);
    await page.press('Control+Enter');
    await page.findByRole('heading', { name: 'Stripe secret key', level: 1 });
    await page.press('Control+1');
    await press('Export');
    const file = join(desktop.home, 'out.csv');
    await page.click(await page.findByRole('radio', { name: /^CSV/ }));
    await press('Choose');
    await choosePlace(desktop, 'Save the export', file);
    await see('export-in-clear', 'small too');
    await page.type(await fieldOf(page, 'Your passphrase'), PASSPHRASE);
    await press(/^Export/, await dialog(/^Export/));
    await dialog('Exported');
    await see('exported');
    await leave();

    // No key is pressed from here on: a zoom would end the warning.
    await openScreen(app, 'Security');
    const minutes = await page.findByRole('combobox', { name: 'Lock when nobody is there for' });
    await page.run(
      `const [field] = arguments;
       field.value = '1';
       field.dispatchEvent(new Event('change', { bubbles: true }));`,
      minutes,
    );
    await page.findByText(/^Locking in \d+ s\.$/, { timeout: 60_000 });
    await screenshot(desktop, `locking-soon-${theme}-100`);
    await checkAccessibility(page, `locking-soon, ${theme} 100`);
    await app.quit();
  });
});
