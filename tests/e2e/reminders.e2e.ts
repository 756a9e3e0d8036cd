// It taps on the shoulder: what a real notification daemon is given, over restarts and clocks that jump.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import {
  addToken,
  clockAhead,
  makeVault,
  recordNotices,
  startApp,
  startDesktop,
  startDirect,
  startTray,
  type Desktop,
  type Environment,
  type Tray,
} from './harness';

const MINUTE_S = 60;
const DAY_S = 24 * 60 * MINUTE_S;

let desktop: Desktop;
afterEach(() => desktop.stop());

/** Starts it as at login, and ends it once it has looked at what is due. */
async function startAndEnd(tray: Tray, env: Environment, due: string): Promise<void> {
  const app = startDirect(desktop, { env, args: ['--hidden'] });
  await tray.waitForItem(() => true, 30_000);
  await tray.waitForMenu((menu) => menu[0]?.label === due);
  await app.stop();
  await expect.poll(() => tray.items()).toEqual([]);
}

it(
  'tells each stage once: over restarts, and after 30 days in which it was off',
  { timeout: 240_000 },
  async () => {
    desktop = await startDesktop({ keyring: true });
    const tray = await startTray(desktop);
    const notices = await recordNotices(desktop);
    const app = await startApp(desktop);
    await makeVault(app);
    await addToken(app, 'payment-gateway', 7 * DAY_S - MINUTE_S);
    const soon = await notices.waitFor(({ summary }) => summary.includes('7 days'));
    expect(soon).toMatchObject({
      app: 'Keyturn',
      summary: 'A credential expires within 7 days',
      urgency: 'normal',
    });
    await addToken(app, 'orders-db', DAY_S - MINUTE_S);
    const now = await notices.waitFor(({ summary }) => summary.includes('a day'));
    expect(now).toMatchObject({
      summary: 'A credential expires within a day',
      urgency: 'critical',
    });
    // Under a number of its own, which a notice that comes twice would have as well.
    expect(now.replaces).not.toBe(0);
    expect(now.id).toBe(now.replaces);

    // A press on it leads to the credential.
    await notices.invoke(soon, 'show');
    await app.page.findByRole('heading', { name: 'payment-gateway', level: 1 });
    await app.quit();

    for (let start = 0; start < 10; start += 1) {
      await startAndEnd(tray, {}, '2 due this week');
    }
    expect(notices.shown()).toHaveLength(2);

    const later = await clockAhead(desktop, 30 * DAY_S);
    for (let start = 0; start < 2; start += 1) {
      await startAndEnd(tray, later, '2 overdue');
    }
    const merged = await notices.waitFor(({ summary }) => summary.includes('overdue'));
    expect(merged).toMatchObject({ summary: '2 credentials are overdue', urgency: 'critical' });
    expect(notices.shown()).toHaveLength(3);
  },
);

it('goes on where nobody shows notices', async () => {
  desktop = await startDesktop({ notifications: false });
  const tray = await startTray(desktop);
  const app = await startApp(desktop);
  await makeVault(app);
  await addToken(app, 'orders-db', DAY_S - MINUTE_S);
  await tray.waitForMenu((menu) => menu[0]?.label === '1 due this week');
  const folder = join(desktop.home, '.local/share/org.keyturn.desktop/logs');
  const log = () => readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  expect(log().join('')).toContain('the desktop did not show a notice');
});
