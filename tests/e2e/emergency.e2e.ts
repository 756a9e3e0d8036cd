// An emergency in the real window: from the tray or a leak to the plan, started, proven, told.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WebElement } from 'selenium-webdriver';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  checkAccessibility,
  choosePlace,
  knowVault,
  openCredential,
  screenshot,
  startApp,
  startDemo,
  startDesktop,
  startSandbox,
  startTray,
  unlock,
  type App,
  type Desktop,
  type Page,
} from './harness';

let desktop: Desktop;
let app: App;
let page: Page;

beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

const LONG = { timeout: 90_000 };

async function start() {
  app = await startApp(desktop);
  page = app.page;
}

const press = async (name: string | RegExp, within?: WebElement) =>
  page.click(await page.findByRole('button', { name, ...(within ? { within } : {}) }));

/** Counts presses of the pointer. */
async function counting(): Promise<() => Promise<number>> {
  await page.run(
    `window.clicks = 0; addEventListener('pointerup', () => (window.clicks += 1), true);`,
  );
  return () => page.run<number>('return window.clicks');
}

it('begins from the tray: one click on the icon, one in its menu, one on who left', async () => {
  const tray = await startTray(desktop);
  await start();
  await startDemo(app);
  // The log knows that they took one.
  await openCredential(app, 'search-index');
  await page.press('Control+c');
  await page.findByText(/^Copied /);
  const clicks = await counting();
  await tray.waitForMenu((menu) => menu.some(({ label }) => label === 'Emergency'));
  const began = Date.now();
  await tray.click(['Emergency', 'Someone left…']);
  await press(/\(you\)/);
  await page.findByRole('list', { name: 'Waves' });
  const took = Date.now() - began;
  expect(took, 'milliseconds from the tray to the plan').toBeLessThan(2000);
  // The icon and the entry of its menu were two more.
  expect((await clicks()) + 2).toBeLessThanOrEqual(3);
  await page.settled();
  await screenshot(desktop, 'emergency-plan');
  await checkAccessibility(page, 'scope and plan of an emergency');
});

it('goes from a question to the proof, and into a report', async () => {
  await start();
  await startDemo(app);
  await press('Emergency');
  await page.findByRole('heading', { name: 'What happened?' });
  await screenshot(desktop, 'emergency-begin');
  await checkAccessibility(page, 'the beginning of an emergency');
  await page.click(await page.findByRole('radio', { name: 'An issuer was breached' }));
  await press(/^Sandbox/);
  await page.findByRole('list', { name: 'Waves' });
  await page.settled();
  await screenshot(desktop, 'emergency-issuer-plan');
  await press('Simulate');
  await page.waitFor(async () => (await page.text()).split('would go well').length === 5, {
    what: 'four that would go well',
  });
  await press(/^Start \d+ rotations$/);
  await page.findByRole('table', { name: 'What is being done' });
  await screenshot(desktop, 'emergency-executing');
  await checkAccessibility(page, 'an emergency that goes on');
  await page.findByText(/^All \d+ old values are refused|Is every old value refused/, LONG);
  await screenshot(desktop, 'emergency-executed');
  await press('Verify');
  await page.findByRole('list', { name: 'Old values' });
  await page.waitFor(async () => (await page.text()).includes('since today'), {
    what: 'when one was refused',
  });
  await screenshot(desktop, 'emergency-verify');
  await checkAccessibility(page, 'the proof of an emergency');
  await press('Report');
  await page.findByRole('list', { name: 'Timeline' });
  await screenshot(desktop, 'emergency-report');
  await checkAccessibility(page, 'the report of an emergency');
  await press('Save as Markdown');
  const file = join(desktop.folder, 'report.md');
  await choosePlace(desktop, 'Save the report', file);
  await page.findByText(/^The report is in/);
  expect(readFileSync(file, 'utf8')).toContain('payment-gateway');
});

it('proves 14 refused within six clicks of the start, of a vault at a sandbox with three consumers each', async () => {
  const sandbox = await startSandbox(desktop, 14);
  expect(await sandbox.oldKeys()).toHaveLength(14);
  knowVault(desktop, sandbox.vault);
  await start();
  await unlock(app);
  await page.findByRole('heading', { name: /^Inventory/ });
  const clicks = await counting();
  await press('Emergency');
  await page.click(await page.findByRole('radio', { name: 'An issuer was breached' }));
  await press(/^Sandbox/);
  const plan = await page.findByRole('region', { name: 'Plan' });
  await screenshot(desktop, 'emergency-14-plan');
  const reference = await page.run<string>(
    `return document.querySelector('input[placeholder^="INC-"]').placeholder`,
  );
  await page.type(
    await page.findByRole('textbox', { name: /Type the incident number/ }),
    reference,
  );
  await press('Start 14 rotations', plan);
  await page.findByText('All 14 old values are refused.', LONG);
  await screenshot(desktop, 'emergency-14-executed');
  await press('Go on to verify');
  await page.waitFor(async () => (await page.text()).includes('All 14 are.'), {
    what: 'all 14 to be refused',
    within: 60_000,
  });
  expect(await clicks()).toBeLessThanOrEqual(6);
  await screenshot(desktop, 'emergency-14-proven');
  expect(await sandbox.oldKeys()).toEqual([]);
});
