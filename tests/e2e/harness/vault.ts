// A vault made and used through the window, as a person does it.
import { Buffer } from 'node:buffer';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WebElement } from 'selenium-webdriver';
import type { App } from './app';
import type { Desktop } from './desktop';
import type { Page } from './page';

export const PASSPHRASE = 'fixture passphrase of nobody';
/** Of the second member. */
export const PASSPHRASE_OF_BEN = 'another fixture of nobody else';

/** How long what derives a key may take. */
const DERIVING_MS = 30_000;

/** Where the vault of `makeVault` is. */
export const vaultFolder = (desktop: Desktop): string => join(desktop.home, 'Vaults', 'Acme');

/** The app knows the vault when it starts; gives the file that says so. */
export function knowVault(desktop: Desktop, vault: string): string {
  const folder = join(desktop.home, '.local/share/org.keyturn.desktop');
  const known = join(folder, 'vaults.json');
  mkdirSync(folder, { recursive: true });
  writeFileSync(known, JSON.stringify([{ folder: vault, lastMember: null }]));
  return known;
}

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

/** What stands below the field: why it is wrong. It can be typed into again by then. */
export function faultOf(page: Page, label: string, fault: RegExp): Promise<string> {
  const find = `
    const own = (label) => label.textContent.trim() === arguments[0];
    const field = [...document.querySelectorAll('label')].find(own)?.control;
    if (field?.getAttribute('aria-invalid') !== 'true' || field.readOnly) return null;
    return document.getElementById(field.getAttribute('aria-describedby')).textContent.trim();`;
  return page.waitFor(
    async () => {
      const said = await page.run<string | null>(find, label);
      return said !== null && fault.test(said) && said;
    },
    { what: `${fault} below ${label}`, within: DERIVING_MS, otherwise: () => page.text() },
  );
}

/** From the welcome screen to the first step's end, everything typed. */
export async function fillVault({ page }: App, member = 'Ana'): Promise<void> {
  await page.click(await page.findByRole('button', { name: 'Create a vault' }));
  await page.type(await fieldOf(page, 'Vault name'), 'Acme');
  await page.type(await fieldOf(page, 'Your name'), member);
  await page.type(await fieldOf(page, 'Passphrase'), PASSPHRASE);
  await page.type(await fieldOf(page, 'Repeat'), PASSPHRASE);
}

/** From the welcome screen to the step that shows the recovery key. */
export async function beginVault(app: App, member = 'Ana'): Promise<void> {
  const { page } = app;
  await fillVault(app, member);
  await page.click(await page.findByRole('button', { name: /^Continue/ }));
  const next = { name: 'Keep the recovery key', timeout: DERIVING_MS };
  await page.findByRole('heading', next);
}

/** A vault of Ana, open on its inventory; the recovery key is not proven. */
export async function makeVault(app: App): Promise<void> {
  const { page } = app;
  await beginVault(app);
  await page.click(await page.findByRole('button', { name: 'Skip for now' }));
  await page.findByRole('heading', { name: 'Make it comfortable' });
  await page.click(await page.findByRole('button', { name: 'Done' }));
  await page.findByRole('heading', { name: /^Inventory/ });
}

/** A code that is shown in groups to be written down. */
export async function readCode(page: Page, name: string): Promise<string> {
  const list = await page.findByRole('list', {
    name: new RegExp(`^${name}`),
    timeout: DERIVING_MS,
  });
  const groups = `return [...arguments[0].querySelectorAll('li')].map((one) => one.textContent)`;
  return (await page.run<string[]>(groups, list)).join('-');
}

/** Opens one of the frame's screens. */
export async function openScreen({ page }: App, name: string): Promise<void> {
  const navigation = await page.findByRole('navigation', { name: 'Screens' });
  const entry = new RegExp(`^${name}`);
  await page.click(await page.findByRole('button', { name: entry, within: navigation }));
  await page.findByRole('heading', { name: entry, level: 1 });
}

/** Locks, and waits for the fresh page that comes then: what was found before is gone with the old. */
export async function lock({ page }: App): Promise<void> {
  await page.run('window.beforeLocking = true');
  await page.press('Control+l');
  const fresh = () =>
    page.run<boolean>('return window.beforeLocking === undefined').catch(() => false);
  await page.waitFor(fresh, { what: 'the fresh page after locking', otherwise: page.text });
  await page.findByRole('heading', { name: /^(Unlock|Join) / });
}

export async function unlock({ page }: App, passphrase = PASSPHRASE): Promise<void> {
  await page.type(await fieldOf(page, 'Passphrase'), passphrase);
  await page.press('Enter');
  await page.findByText(/^Unlocked as /, { timeout: DERIVING_MS });
}

/** Picks who wants to unlock, on the start screen. */
export async function chooseMember({ page }: App, name: string): Promise<void> {
  const list = await page.findByRole('combobox', { name: 'Member' });
  await page.click(await page.findByRole('option', { name, within: list }));
}

/** Says the passphrase again in the dialog that asks for it, and acts. */
export async function confirm({ page }: App, action: string): Promise<void> {
  await page.type(await fieldOf(page, 'Your passphrase'), PASSPHRASE);
  const within = await page.findByRole('dialog');
  await page.click(await page.findByRole('button', { name: action, within }));
}

/** Invites from the members screen; returns the code. */
export async function invite(app: App, name: string, role: string): Promise<string> {
  const { page } = app;
  await page.click(await page.findByRole('button', { name: 'Invite' }));
  await page.type(await fieldOf(page, 'Name'), name);
  await page.click(await page.findByRole('radio', { name: role }));
  await confirm(app, 'Make invitation');
  const code = await readCode(page, 'Invitation code');
  return code;
}

/** Comes with an invitation: who is invited is chosen already. */
export async function acceptInvitation(
  { page }: App,
  code: string,
  passphrase: string,
): Promise<void> {
  await page.type(await fieldOf(page, 'Invitation code'), code);
  await page.type(await fieldOf(page, 'New passphrase'), passphrase);
  await page.type(await fieldOf(page, 'Repeat'), passphrase);
  await page.click(await page.findByRole('button', { name: 'Accept and unlock' }));
  await page.findByText(/^Unlocked as /, { timeout: DERIVING_MS });
}

/** Fails unless the button cannot be used and says why. */
export async function reasonOf(page: Page, name: string | RegExp): Promise<string> {
  const button = await page.findByRole('button', { name });
  const said = `
    const [button] = arguments;
    if (button.getAttribute('aria-disabled') !== 'true') return null;
    return document.getElementById(button.getAttribute('aria-describedby'))?.textContent ?? null;`;
  const reason = await page.run<string | null>(said, button);
  if (reason === null) throw new Error(`${name} can be used, or does not say why it cannot.`);
  return reason.trim();
}

/** Puts a text into what has the focus in one go, as a paste does. */
export const pasteInto = (page: Page, text: string): Promise<void> =>
  page.run<void>(
    `const given = new DataTransfer();
     given.setData('text/plain', arguments[0]);
     const event = new ClipboardEvent('paste', { clipboardData: given, bubbles: true, cancelable: true });
     if (document.activeElement.dispatchEvent(event))
       document.execCommand('insertText', false, arguments[0]);`,
    text,
  );

/** The demo, open on its inventory. */
export async function startDemo({ page }: App): Promise<void> {
  await page.click(await page.findByRole('button', { name: 'Try the demo, no setup' }));
  await page.findByText(/Nothing leaves this computer/);
  await page.findByRole('heading', { name: /^Inventory/, level: 1 });
  await page.findByRole('grid');
}

/** Opens a credential by the palette. */
export async function openCredential({ page }: App, name: string): Promise<void> {
  await page.press('Control+k');
  await page.findByRole('combobox', { name: 'Credential or command' });
  await page.webdriver.actions().sendKeys(name).perform();
  await page.findByRole('option', { name: new RegExp(`^${name} `) });
  await page.press('Control+Enter');
  await page.findByRole('heading', { name, level: 1 });
}

/** Adds a credential by pasting a token that says itself when it expires; returns the token. */
export async function addToken({ page }: App, name: string, seconds: number): Promise<string> {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const token = `${part({ alg: 'HS256' })}.${part({ exp })}.${'Fixture0'.repeat(4)}`;
  await page.press('Control+n');
  await page.findByRole('dialog', { name: /^Add credential/ });
  await pasteInto(page, token);
  const field = await fieldOf(page, 'Name');
  // What was pasted gives it a name.
  await page.waitFor(async () => (await field.getAttribute('value')) !== '', { what: 'a name' });
  await field.clear();
  await page.type(field, name);
  await page.press('Control+Enter');
  await page.findByRole('heading', { name, level: 1 });
  return token;
}
