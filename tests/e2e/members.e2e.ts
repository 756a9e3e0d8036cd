// Two people in one vault, and two programs at one vault: who may do what, and what says why not.
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  acceptInvitation,
  chooseMember,
  choosePlace,
  confirm,
  faultOf,
  fieldOf,
  invite,
  lock,
  makeVault,
  openScreen,
  PASSPHRASE,
  PASSPHRASE_OF_BEN,
  reasonOf,
  startApp,
  startDesktop,
  unlock,
  vaultFolder,
  type App,
  type Desktop,
} from './harness';

let desktop: Desktop;
let app: App;
beforeEach(async () => {
  desktop = await startDesktop();
  app = await startApp(desktop);
  await makeVault(app);
});
afterEach(() => desktop.stop());

it('invites a member, who joins with an own passphrase, has a role, and is removed', async () => {
  const { page } = app;
  await openScreen(app, 'Members');
  await page.findByText('Only you');
  const code = await invite(app, 'Ben', 'Reader');
  await page.click(await page.findByRole('button', { name: 'Done' }));
  await page.findByText(/^Invited until/);
  await lock(app);

  await chooseMember(app, 'Ben');
  await page.findByRole('heading', { name: 'Join Acme' });
  await acceptInvitation(app, code, PASSPHRASE_OF_BEN);
  await page.findByText(/^Unlocked as Ben ·/);
  await openScreen(app, 'Security');
  await page.findByText('You are Ben, reader');
  await openScreen(app, 'Members');
  const unable = 'Your role, Reader, does not manage members.';
  expect(await reasonOf(page, 'Invite')).toBe(unable);
  expect(await reasonOf(page, 'Remove Ana')).toBe(unable);
  // A reason is no lock: the button does nothing when it is pressed all the same.
  await page.click(await page.findByRole('button', { name: 'Invite' }));
  expect(await page.queryByRole('dialog')).toBeNull();
  await openScreen(app, 'Backup');
  expect(await reasonOf(page, 'Back up now')).toBe('Your role, Reader, does not make backups.');

  await lock(app);
  await chooseMember(app, 'Ana');
  await unlock(app);
  await openScreen(app, 'Members');
  await page.click(await page.findByRole('button', { name: 'Remove Ben' }));
  await confirm(app, 'Remove member');
  await page.findByText('Ben was removed. Every key was changed.', { timeout: 30_000 });
  await page.findByText('Only you');
  await lock(app);
  await page.findByRole('heading', { name: 'Unlock Acme' });
  expect(await page.queryByRole('combobox', { name: 'Member' })).toBeNull();
  await page.type(await fieldOf(page, 'Passphrase'), PASSPHRASE_OF_BEN);
  await page.press('Enter');
  await faultOf(page, 'Passphrase', /doesn't open this vault/);
});

it('opens a vault that another program holds for reading only, and says who holds it', async () => {
  const other = await startDesktop();
  try {
    const second = await startApp(other);
    const { page } = second;
    await page.click(await page.findByRole('button', { name: 'Open a vault' }));
    await choosePlace(other, 'Choose the folder of a vault', vaultFolder(desktop));
    const note = await page.findByRole('note');
    expect(await note.getText()).toMatch(
      new RegExp(`^Open on \\S+ \\(process ${app.pid}\\) since\\s+today, .* for reading only\\.$`),
    );
    await unlock(second);
    await page.findByText(new RegExp(`^Open for reading only: process ${app.pid} on`));
    const held = 'The vault is open elsewhere; here it can only be read.';
    await openScreen(second, 'Members');
    expect(await reasonOf(page, 'Invite')).toBe(held);
    await openScreen(second, 'Security');
    expect(await reasonOf(page, 'Change passphrase')).toBe(held);
    expect(await reasonOf(page, 'Make a new one')).toBe(held);

    await app.page.press('Control+q');
    await app.quit();
    await lock(second);
    await unlock(second, PASSPHRASE);
    await openScreen(second, 'Members');
    await page.click(await page.findByRole('button', { name: 'Invite' }));
    await page.findByRole('dialog', { name: 'Invite a member' });
  } finally {
    await other.stop();
  }
});
