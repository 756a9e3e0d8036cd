// A vault made and used through the window, as a person does it.
import type { WebElement } from 'selenium-webdriver';
import type { App } from './app';
import type { Page } from './page';

export const PASSPHRASE = 'fixture passphrase of nobody';

/** The field that a label names: a field that hides what is typed has no role. */
export async function fieldOf(page: Page, label: string): Promise<WebElement> {
  const find = `
    const own = (label) => label.textContent.trim() === arguments[0];
    return [...document.querySelectorAll('label')].find(own)?.control ?? null;`;
  const found = await page.waitFor(() => page.run<WebElement | null>(find, label), {
    what: `a field with the label ${label}`,
    otherwise: () => page.text(),
  });
  return found;
}

/** From the welcome screen to the step that shows the recovery key. */
export async function beginVault({ page }: App, member = 'Ana'): Promise<void> {
  await page.click(await page.findByRole('button', { name: 'Create a vault' }));
  await page.type(await fieldOf(page, 'Vault name'), 'Acme');
  await page.type(await fieldOf(page, 'Your name'), member);
  await page.type(await fieldOf(page, 'Passphrase'), PASSPHRASE);
  await page.type(await fieldOf(page, 'Repeat'), PASSPHRASE);
  await page.click(await page.findByRole('button', { name: /^Continue/ }));
  await page.findByRole('heading', { name: 'Keep the recovery key', timeout: 30_000 });
}

/** A vault of Ana, open on its home screen; the recovery key is not proven. */
export async function makeVault(app: App): Promise<void> {
  const { page } = app;
  await beginVault(app);
  await page.click(await page.findByRole('button', { name: 'Skip for now' }));
  await page.findByRole('heading', { name: 'Make it comfortable' });
  await page.click(await page.findByRole('button', { name: 'Done' }));
  await page.findByRole('heading', { name: 'Home' });
}

/** Opens one of the frame's screens. */
export async function openScreen({ page }: App, name: string): Promise<void> {
  const navigation = await page.findByRole('navigation', { name: 'Screens' });
  const entry = new RegExp(`^${name}`);
  await page.click(await page.findByRole('button', { name: entry, within: navigation }));
  await page.findByRole('heading', { name, level: 1 });
}

export async function lock({ page }: App): Promise<void> {
  await page.press('Control+l');
  await page.findByRole('heading', { name: /^Unlock / });
}

export async function unlock({ page }: App, passphrase = PASSPHRASE): Promise<void> {
  await page.type(await fieldOf(page, 'Passphrase'), passphrase);
  await page.press('Enter');
  await page.findByText(/^Unlocked as /, { timeout: 30_000 });
}
