// Every screen in every look: a picture of each, and no accessibility fault in any.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  acceptInvitation,
  chooseMember,
  choosePlace,
  confirm,
  faultOf,
  fieldOf,
  fillVault,
  invite,
  lock,
  lookingAt,
  makeVault,
  openCredential,
  openScreen,
  PASSPHRASE,
  pasteInto,
  PASSPHRASE_OF_BEN,
  readCode,
  startApp,
  startDemo,
  startDesktop,
  unlock,
  vaultFolder,
  type Desktop,
} from './harness';

let desktop: Desktop;
beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

describe.each(['light', 'dark'] as const)('in %s, at 100 and 200 %%', (theme) => {
  it(
    'every start screen and every screen of a vault is readable',
    { timeout: 400_000 },
    async () => {
      const app = await startApp(desktop, { theme });
      const { page } = app;
      const see = lookingAt(app, theme);
      const press = async (name: string | RegExp) =>
        page.click(await page.findByRole('button', { name }));

      // Nothing there yet
      await page.findByRole('heading', { name: 'Welcome to Keyturn' });
      await see('welcome', 'small too');
      await press('Settings');
      await see('start-settings');
      await press('Back');
      await press('Help');
      await page.findByRole('searchbox');
      await see('start-help');
      await press('Back');
      await press('Restore from a backup');
      await see('restore');
      await press('Back');

      // Making a vault
      await press('Create a vault');
      await see('create-1-empty');
      await press('Back');
      await fillVault(app);
      await page.findByText('Matches');
      await see('create-1', 'small too');
      await press(/^Continue/);
      const key = await readCode(page, 'Recovery key');
      await see('create-2', 'small too');
      await page.type(await fieldOf(page, 'Recovery key as you kept it'), 'something else');
      await press('Check what I typed');
      await faultOf(page, 'Recovery key as you kept it', /whole recovery key/);
      await see('create-2-mistyped');
      await (await fieldOf(page, 'Recovery key as you kept it')).sendKeys(key);
      await press('Check what I typed');
      await page.findByText(/^It matches/);
      await see('create-2-proven');
      await press('Continue');
      await see('create-3');
      await press('Done');

      // The open vault
      await page.findByRole('heading', { name: /^Inventory/ });
      await see('inventory-empty', 'small too');
      for (const [screen, nothing] of [
        ['Rotations', 'No rotation yet'],
        ['Issuers', 'No issuer account yet'],
        ['Consumers', 'No consumer yet'],
      ] as const) {
        await openScreen(app, screen);
        await page.findByText(nothing);
        await see(`${screen.toLowerCase()}-empty`, 'small too');
      }
      await press('Notifications');
      await page.findByText('Nothing needs you');
      await see('notifications-empty', 'small too');
      await press('Rules');
      await page.findByRole('dialog', { name: 'Rules' });
      await see('notifications-rules', 'small too');
      await page.press('Escape');
      await press('Channels');
      await page.findByText('Nobody is told elsewhere');
      await see('channels-empty', 'small too');
      await press('Add the first channel');
      await page.click(await page.findByRole('button', { name: /^Chat/ }));
      await page.type(await fieldOf(page, 'Name'), '#payments');
      await page.type(await fieldOf(page, 'Address of the webhook'), 'https://fixture.invalid/T0');
      await see('channel-chat', 'small too');
      await page.press('Control+Enter');
      await page.findByRole('dialog', { name: '#payments is saved' });
      await page.press('Escape');
      await page.findByRole('row', { name: /#payments/ });
      await see('channels', 'small too');
      await press('Add channel');
      await page.click(await page.findByRole('button', { name: /^Mail/ }));
      await see('channel-mail', 'small too');
      await page.press('Escape');
      await press('Emergency');
      await page.findByText('Where does it lie?');
      await see('emergency', 'small too');
      await page.press('Control+1');

      // The inventory
      await page.press('Control+n');
      await page.findByRole('dialog', { name: /^Add credential/ });
      await see('add-empty', 'small too');
      await pasteInto(page, `sk_live_${'Fixture0'.repeat(3)}`);
      await page.findByText(/^Filled in: API key/);
      await see('add-filled');
      await press(/^Generate/);
      await page.findByRole('dialog', { name: /^Generate|^New value/ });
      await see('generator');
      await page.press('Escape');
      await page.press('Control+Enter');
      await page.findByRole('heading', { name: 'Stripe secret key', level: 1 });
      await see('detail', 'small too');
      for (const tab of ['Policy', /^Versions/, 'Activity'] as const) {
        await page.click(await page.findByRole('tab', { name: tab }));
        await see(`detail-${String(tab).replace(/\W/g, '').toLowerCase()}`);
      }
      await press('Edit');
      await page.findByRole('dialog', { name: /^Edit/ });
      await see('edit');
      await page.press('Escape');
      await press('New value');
      await page.findByRole('dialog', { name: /^New value/ });
      await see('new-value');
      await page.press('Escape');
      await page.press('Control+1');
      await page.findByRole('grid');
      await page.press('Control+f', 'Down', 'Control+a');
      await page.findByText('1 selected');
      await see('inventory', 'small too');
      await page.press('Escape');
      await page.press('Control+k');
      await page.findByRole('combobox', { name: 'Credential or command' });
      await see('palette', 'small too');
      await page.press(...'zzzz');
      await page.findByText(/^No credential matches/);
      await see('palette-nothing-found');
      await page.press('Escape');
      await press('Import');
      await page.findByRole('dialog', { name: 'Import' });
      await see('import', 'small too');
      await page.press('Escape');
      await press('Export');
      await page.findByRole('dialog', { name: /^Export/ });
      await see('export');
      await page.press('Escape');
      await openScreen(app, 'Policies');
      await see('policies', 'small too');
      await press('New policy');
      await page.findByRole('dialog', { name: /policy/ });
      await see('policy-editor', 'small too');
      await page.press('Escape');

      await press('Acme');
      await page.findByRole('menu');
      await see('menu');
      await page.press('Escape');
      await openScreen(app, 'Members');
      await page.findByText('Only you');
      await see('members-alone');
      await press('Invite');
      await page.findByRole('dialog', { name: 'Invite a member' });
      await see('invite', 'small too');
      await page.press('Escape');
      const code = await invite(app, 'Ben', 'Rotator');
      await see('invitation');
      await press('Done');
      await page.findByText(/^Invited until/);
      await see('members-two', 'small too');
      await press('Remove Ben');
      await page.findByRole('dialog', { name: 'Remove Ben?' });
      await see('remove-member');
      await page.press('Escape');
      await openScreen(app, 'Security');
      await press('Check now');
      await page.findByText('Everything is as Keyturn wrote it.');
      await see('security', 'small too');
      await press('Change passphrase');
      await page.findByRole('dialog', { name: 'Change passphrase' });
      await see('change-passphrase');
      await page.press('Escape');
      await press('Make a new one');
      await confirm(app, 'Make recovery key');
      await readCode(page, 'Recovery key');
      await see('new-recovery-key');
      await press('Later');
      await openScreen(app, 'Backup');
      const tests = () => page.allByRole('button', { name: /^Test restore of/ });
      await page.waitFor(async () => (await tests()).length > 0, { what: 'a backup' });
      const [first] = await tests();
      if (first) await page.click(first);
      await page.findByText(/^Restores:/, { timeout: 30_000 });
      await see('backup', 'small too');
      const file = join(desktop.home, 'team.keyturn-backup');
      await press(/^Back up to/);
      await choosePlace(desktop, 'Save a backup', file);
      await page.findByText(/^A backup was made and read back/, { timeout: 30_000 });
      await openScreen(app, 'Settings');
      await see('settings');
      await press('Reset settings');
      await page.findByRole('alertdialog');
      await see('settings-question');
      await page.press('Escape');
      await openScreen(app, 'Help');
      await see('help');
      await page.type(await page.findByRole('searchbox'), 'xyz');
      await page.findByText('No shortcut does that');
      await see('help-nothing-found');
      await press('Diagnostics');
      await page.findByRole('dialog', { name: 'Diagnostics' });
      await see('diagnostics');
      await page.press('Escape');

      // Locked
      await lock(app);
      await see('unlock', 'small too');
      await page.type(await fieldOf(page, 'Passphrase'), 'not this passphrase');
      await page.press('Enter');
      await faultOf(page, 'Passphrase', /doesn't open this vault/);
      await see('unlock-wrong', 'small too');
      await press('Use the recovery key');
      await see('unlock-recovery-key');
      await press('Use the passphrase');
      await chooseMember(app, 'Ben');
      await fieldOf(page, 'Invitation code');
      await see('join', 'small too');
      await acceptInvitation(app, code, PASSPHRASE_OF_BEN);
      await openScreen(app, 'Security');
      await page.findByText('You are Ben, rotator');
      await openScreen(app, 'Members');
      await see('members-as-rotator');
      await lock(app);

      // Restored, so that there are two
      await press('Restore from backup');
      await press('Choose a backup');
      await choosePlace(desktop, 'Choose a backup', file);
      await page.findByText(/^Made today/);
      await see('restore-chosen', 'small too');
      await page.type(await fieldOf(page, 'Passphrase'), PASSPHRASE);
      await press('Restore vault');
      await page.findByText(/^Unlocked as Ana/, { timeout: 30_000 });
      await lock(app);
      await press('Other vaults');
      await page.findByRole('heading', { name: 'Vaults of this computer' });
      await see('vaults');

      // Damaged
      const header = join(vaultFolder(desktop), 'vault.hdr');
      writeFileSync(header, readFileSync(header).fill(0, 40, 60));
      const [, damaged] = await page.allByRole('button', { name: /^Acme/ });
      if (damaged) await page.click(damaged);
      await page.type(await fieldOf(page, 'Passphrase'), PASSPHRASE);
      await page.press('Enter');
      await page.findByText('What happened', { timeout: 30_000 });
      await see('damaged', 'small too');
      await app.quit();
    },
  );

  it('every screen of rotation is readable', { timeout: 300_000 }, async () => {
    const app = await startApp(desktop, { theme });
    const { page } = app;
    const see = lookingAt(app, theme);
    const press = async (name: string | RegExp) =>
      page.click(await page.findByRole('button', { name }));

    const has = (text: string) =>
      page.waitFor(async () => (await page.text()).includes(text), { what: text });

    await startDemo(app);
    await see('demo-inventory', 'small too');
    await press(/^Let the sandbox fail/);
    await page.findByRole('switch', { name: 'Offline' });
    await see('demo-sandbox', 'small too');
    await page.press('Escape');
    await openScreen(app, 'Issuers');
    await page.findByRole('button', { name: /^Test connection of Sandbox/ });
    await see('issuers', 'small too');
    await press('Add account');
    await page.findByRole('dialog');
    await see('issuers-sorts');
    await press(/^PostgreSQL/);
    await fieldOf(page, 'Password');
    await see('issuers-postgres', 'small too');
    await page.press('Escape');
    await openScreen(app, 'Consumers');
    await has('mailer');
    await see('consumers', 'small too');
    await press('Add consumer');
    await page.findByRole('dialog');
    await see('consumers-add');
    await page.press('Escape');
    await openScreen(app, 'Rotations');
    await has('mail-relay');
    await see('rotations', 'small too');
    await press(/^Notifications/);
    await has('is overdue by');
    await see('notifications', 'small too');
    await openCredential(app, 'payment-gateway');
    await page.click(await page.findByRole('tab', { name: /^Rotation/ }));
    await has('How it is rotated');
    await see('rotation-tab', 'small too');
    await press('Change how it is rotated');
    await page.findByRole('dialog');
    await see('rotation-set-up');
    await page.press('Escape');
    await press('Rotate…');
    await page.findByRole('button', { name: 'Look again' });
    await see('rotation-plan', 'small too');
    await press('Rotate now');
    await has('Right now');
    await see('rotation-run', 'small too');
    await press('Emergency');
    await page.click(await page.findByRole('radio', { name: 'An issuer was breached' }));
    await press(/^Sandbox/);
    await page.findByRole('list', { name: 'Waves' });
    await see('emergency-plan', 'small too');
    await page.click(await page.findByRole('checkbox', { name: 'Deal with maps-api' }));
    await page.findByRole('dialog', { name: 'Leave maps-api as it is?' });
    await see('emergency-leave-out');
    await page.press('Escape');
    await press('Start 4 rotations');
    await page.findByRole('table', { name: 'What is being done' });
    await has('1 needs you');
    await see('emergency-execute', 'small too');
    await press('Go on with maps-api');
    await page.findByRole('button', { name: 'Back to the incident' });
    await see('emergency-by-hand');
    await page.press('Escape');
    await press('Verify');
    await has('All 4 are.');
    await see('emergency-verify', 'small too');
    await press('Close incident');
    await page.findByRole('alertdialog');
    await see('emergency-close');
    await page.press('Escape');
    await press('Report');
    await has('From alarm to start');
    await see('emergency-report', 'small too');
    await app.quit();
  });
});

describe('every screen', () => {
  it('can be used by the keyboard alone, and focus is never lost', async () => {
    const app = await startApp(desktop);
    const { page, quit } = app;
    const stopsOf = async (amount: number) => {
      const stops: string[] = [];
      for (let stop = 0; stop < amount; stop += 1) {
        await page.press('Tab');
        const { role, name } = await page.activeElement();
        stops.push(`${role} ${name}`.trim());
      }
      return stops;
    };
    expect(await stopsOf(6)).toEqual([
      'button Create a vault',
      'button Open a vault',
      'button Restore from a backup',
      'button Try the demo, no setup',
      'button Settings',
      'button Help',
    ]);
    await makeVault(app);
    await page.findByText('Unlocked as Ana · locks after 5 min idle');
    await page.press('Control+1');
    await page.run('document.activeElement.blur()');
    expect(await stopsOf(25)).toEqual([
      'link Skip to content',
      'button Inventory',
      'button Timeline',
      'button Map',
      'button Rotations',
      'button Issuers',
      'button Consumers',
      'button Policies',
      'button Members',
      'button Security',
      'button Backup',
      'button Needs attention 0',
      'button Due in 7 days 0',
      'button High risk 0',
      'button Two keys valid 0',
      'button No policy',
      'button No consumers',
      'button Mine',
      'button Archived',
      'button Settings',
      'button Help',
      'button Acme',
      'button Search or run a command',
      'button Notifications',
      'button Lock',
    ]);
    await page.press('Control+,');
    await page.findByRole('heading', { name: 'Settings' });
    expect((await page.activeElement()).name).toBe('Lock');
    await openScreen(app, 'Settings');
    await page.click(await page.findByRole('button', { name: 'Reset settings' }));
    await page.findByRole('alertdialog');
    expect((await page.activeElement()).name).toBe('Cancel');
    await page.press('Escape');
    await page.waitFor(async () => (await page.activeElement()).name === 'Reset settings', {
      what: 'focus to be back on the button that asked',
    });
    // What had the focus goes with its screen, and the new screen takes it.
    await page.press('Control+1');
    await page.waitFor(async () => (await page.activeElement()).role === 'main', {
      what: 'focus to be on the new screen',
    });
    await lock(app);
    await page.waitFor(async () => (await page.activeElement()).name === 'Passphrase', {
      what: 'focus to be in the field',
    });
    await unlock(app);
    await page.waitFor(async () => (await page.activeElement()).role === 'main', {
      what: 'focus to be on the inventory',
    });
    await quit();
  });

  it('keeps the colours that were chosen, whatever the desktop says', async () => {
    const canvas = 'return getComputedStyle(document.documentElement).backgroundColor';
    const dark = 'rgb(14, 17, 22)';
    const first = await startApp(desktop, { theme: 'light' });
    expect(await first.page.run(canvas)).not.toBe(dark);
    await first.page.press('Control+,');
    await first.page.click(await first.page.findByRole('radio', { name: 'Dark' }));
    await first.page.waitFor(async () => (await first.page.run(canvas)) === dark, {
      what: 'a dark window',
    });
    await first.quit();
    const second = await startApp(desktop, { theme: 'light' });
    expect(await second.page.run(canvas)).toBe(dark);
    await second.page.press('Control+,');
    await second.page.click(await second.page.findByRole('button', { name: 'Reset settings' }));
    const question = await second.page.findByRole('alertdialog');
    const yes = { name: 'Reset settings', within: question };
    await second.page.click(await second.page.findByRole('button', yes));
    await second.page.waitFor(async () => (await second.page.run(canvas)) !== dark, {
      what: 'a light window',
    });
    await second.quit();
  });

  it('copies diagnostics that can be pasted', async () => {
    const { page, quit } = await startApp(desktop);
    await page.press('F1');
    await page.click(await page.findByRole('button', { name: 'Diagnostics' }));
    await page.click(await page.findByRole('button', { name: 'Copy all' }));
    const messages = await page.findByRole('region', { name: 'Messages' });
    await page.findByText('Diagnostics copied.', { within: messages });
    await page.press('Escape');
    const field = await page.findByRole('searchbox');
    await page.click(field);
    await page.press('Control+v');
    await page.waitFor(async () => (await field.getAttribute('value'))?.includes('Log folder: /'), {
      what: 'the diagnostics in the field',
    });
    await quit();
  });
});
