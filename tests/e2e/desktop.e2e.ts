// What the desktop has to do with a vault: its key ring opens it, its screen lock shuts it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import {
  confirm,
  lock,
  makeVault,
  openScreen,
  startApp,
  startDesktop,
  startScreenSaver,
  type Desktop,
} from './harness';

let desktop: Desktop;
afterEach(() => desktop.stop());

const SWITCH = { name: 'Unlock with the system key ring' };

it('unlocks by the key ring once that is turned on', async () => {
  desktop = await startDesktop({ keyring: true });
  const app = await startApp(desktop);
  const { page } = app;
  await makeVault(app);
  await openScreen(app, 'Security');
  // By then the key ring has answered.
  await page.findByText(/^The key ring of your desktop opens the vault on this computer/);
  await page.click(await page.findByRole('switch', { ...SWITCH, checked: false }));
  await page.findByRole('dialog', { name: 'Let the key ring unlock the vault?' });
  await confirm(app, 'Turn on');
  await page.findByRole('switch', { ...SWITCH, checked: true, timeout: 30_000 });
  await page.findByText(/^On this computer until /);

  await lock(app);
  await page.click(await page.findByRole('button', { name: 'Use system key ring' }));
  await page.findByText(/^Unlocked as Ana/, { timeout: 30_000 });
  await openScreen(app, 'Security');
  await page.click(await page.findByRole('switch', { ...SWITCH, checked: true }));
  await page.findByRole('switch', { ...SWITCH, checked: false });
  await lock(app);
  await page.findByRole('button', { name: 'Unlock' });
  expect(await page.queryByRole('button', { name: 'Use system key ring' })).toBeNull();
});

it('says why it cannot be turned on where there is no key ring', async () => {
  desktop = await startDesktop();
  const app = await startApp(desktop);
  const { page } = app;
  await makeVault(app);
  await openScreen(app, 'Security');
  const off = await page.findByRole('switch', { ...SWITCH, checked: false });
  const row = await page.findByRole('region', { name: 'Ways in' });
  const why = 'No system key ring is running.';
  // In the row for who looks, and at the switch for who listens.
  await page.waitFor(async () => (await row.getText()).includes(why), { what: why });
  expect(await off.getAttribute('aria-disabled')).toBe('true');
  const note = `return document.getElementById(arguments[0].getAttribute('aria-describedby')).textContent`;
  expect(await page.run<string>(note, off)).toContain(why);
  await page.click(off);
  expect(await page.queryByRole('dialog')).toBeNull();
});

it('locks and ends in order when its session ends', async () => {
  desktop = await startDesktop();
  const app = await startApp(desktop);
  await makeVault(app);
  const folder = join(desktop.home, '.local/share/org.keyturn.desktop/logs');
  const log = () => readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const locked = () => log().join('').includes('the vault was locked');
  expect(locked()).toBe(false);
  process.kill(app.pid, 'SIGTERM');
  await app.ended();
  expect(locked()).toBe(true);
});

it('locks with the screen, and says so', async () => {
  desktop = await startDesktop();
  const screen = await startScreenSaver(desktop);
  const app = await startApp(desktop);
  const { page } = app;
  await makeVault(app);
  screen.lockScreen();
  await page.findByRole('heading', { name: 'Unlock Acme' });
  await page.findByText(/^Locked at \d\d:\d\d, as the screen was locked\.$/);
});
