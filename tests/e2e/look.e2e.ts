// Every screen in every look: a picture of each, and no accessibility fault in any.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkAccessibility,
  everyLook,
  screenshot,
  startApp,
  startDesktop,
  type Desktop,
  type Page,
} from './harness';

let desktop: Desktop;
beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

/** What a person can have in front of them, and the way there from anywhere. */
const VIEWS: Record<string, (page: Page) => Promise<unknown>> = {
  welcome: (page) => page.press('Control+1'),
  settings: (page) => page.press('Control+,'),
  'settings-question': async (page) => {
    await page.press('Control+,');
    await page.click(await page.findByRole('button', { name: 'Reset settings' }));
    await page.findByRole('alertdialog');
  },
  help: (page) => page.press('F1'),
  'help-nothing-found': async (page) => {
    await page.press('F1');
    await page.type(await page.findByRole('searchbox'), 'xyz');
    await page.findByText('No shortcut does that');
  },
  diagnostics: async (page) => {
    await page.press('F1');
    await page.click(await page.findByRole('button', { name: 'Diagnostics' }));
    await page.findByRole('dialog', { name: 'Diagnostics' });
  },
  menu: async (page) => {
    await page.press('Control+1');
    await page.click(await page.findByRole('button', { name: /^Keyturn/ }));
    await page.findByRole('menu');
  },
};

describe('every screen', () => {
  it('is readable in light and dark, at 100 and 200 %', { timeout: 240_000 }, async () => {
    await everyLook(desktop, {}, async (app, look) => {
      for (const [name, show] of Object.entries(VIEWS)) {
        await show(app.page);
        await app.page.settled();
        await screenshot(desktop, `${name}-${look.theme}-${look.zoom}`);
        await checkAccessibility(app.page, `${name}, ${look.label}`);
        const sideways = 'return document.documentElement.scrollWidth > innerWidth';
        expect(await app.page.run(sideways), `${name} scrolls sideways`).toBe(false);
        await app.page.press('Escape');
        await app.page.press('Control+1');
      }
    });
  });

  it('can be used by the keyboard alone, and focus is never lost', async () => {
    const { page, quit } = await startApp(desktop);
    const stops: string[] = [];
    for (let stop = 0; stop < 7; stop += 1) {
      await page.press('Tab');
      const { role, name } = await page.activeElement();
      stops.push(`${role} ${name}`.trim());
    }
    expect(stops).toEqual([
      'link Skip to content',
      'button Welcome',
      'button Settings',
      'button Help',
      'button Keyturn',
      'button Choose your colours',
      'button Keyboard shortcuts',
    ]);
    await page.press('Control+,');
    await page.waitFor(async () => (await page.activeElement()).role === 'main', {
      what: 'focus to be on the new screen',
    });
    await page.press('Tab');
    expect((await page.activeElement()).role).toBe('radio');
    await page.press('Tab', 'Enter');
    await page.findByRole('alertdialog');
    expect((await page.activeElement()).name).toBe('Cancel');
    await page.press('Escape');
    await page.waitFor(async () => (await page.activeElement()).name === 'Reset settings', {
      what: 'focus to be back on the button that asked',
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
