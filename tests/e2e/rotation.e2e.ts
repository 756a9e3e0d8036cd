// Rotation in the real window, in the demo: planned, run, undone, and when its issuer has a bad day.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WebElement } from 'selenium-webdriver';
import {
  checkAccessibility,
  openCredential,
  screenshot,
  startApp,
  startDemo,
  startDesktop,
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

/** The grace period of the demo is 20 s; everything else is quick. */
const LONG = { timeout: 60_000 };

const press = async (name: string | RegExp, within?: WebElement) =>
  page.click(await page.findByRole('button', { name, ...(within ? { within } : {}) }));

/** Counts presses of the pointer. */
async function counting(): Promise<() => Promise<number>> {
  await page.run(
    `window.clicks = 0; addEventListener('pointerup', () => (window.clicks += 1), true);`,
  );
  return () => page.run<number>('return window.clicks');
}

it('rotates a key of the demo in at most five clicks from the first screen, and the old one is refused', async () => {
  await page.findByRole('heading', { name: 'Welcome to Keyturn' });
  const clicks = await counting();
  await startDemo(app);
  await openCredential(app, 'search-index');
  await press('Rotate…');
  const plan = await page.findByRole('dialog', { name: /^Rotate search-index/ });
  await page.findByText(/nothing speaks against it|Nothing speaks against it/i);
  await screenshot(desktop, 'rotation-plan');
  await checkAccessibility(page, 'the plan of a rotation');
  await press('Rotate now', plan);
  await page.findByText('Right now');
  await page.findByText(/^Two keys work/, LONG);
  await screenshot(desktop, 'rotation-grace');
  await checkAccessibility(page, 'a rotation in its grace period');
  await page.findByText('The new key works everywhere. The old one is gone.', LONG);
  await screenshot(desktop, 'rotation-done');
  expect(await clicks()).toBeLessThanOrEqual(5);
});

it('undoes a rotation: every consumer is back on the old key, and the new one deleted', async () => {
  await startDemo(app);
  await openCredential(app, 'payment-gateway');
  await press('Rotate…');
  await press('Rotate now', await page.findByRole('dialog', { name: /^Rotate payment-gateway/ }));
  await page.findByText(/^Two keys work/, LONG);
  await press('Stop and undo');
  await page.findByText('The old key works, as before.', LONG);
  await screenshot(desktop, 'rotation-undone');
  await checkAccessibility(page, 'a rotation that was undone');
});

it('says that the issuer is offline before anything is changed', async () => {
  await startDemo(app);
  await press(/^Let the sandbox fail/);
  const panel = await page.findByRole('dialog', { name: 'Let the sandbox fail' });
  await page.click(await page.findByRole('switch', { name: 'Offline', within: panel }));
  await press('Close', panel);
  await page.waitFor(async () => (await page.queryByRole('dialog')) === null, {
    what: 'the dialog to be closed',
  });
  await page.findByRole('button', { name: /\(1 on\)$/ });
  await openCredential(app, 'search-index');
  await press('Rotate…');
  const plan = await page.findByRole('dialog', { name: /^Rotate search-index/ });
  await page.findByRole('button', { name: 'Look again', within: plan, timeout: 60_000 });
  await screenshot(desktop, 'rotation-offline');
  await checkAccessibility(page, 'the plan of a rotation whose issuer is offline');
  const rotate = await page.findByRole('button', { name: 'Rotate now', within: plan });
  expect(await rotate.getAttribute('aria-disabled')).toBe('true');
});
