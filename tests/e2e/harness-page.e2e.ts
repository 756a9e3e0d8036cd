// The harness's eyes and hands, proved on a page with planted faults in WebKitGTK's own small browser.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  accessibilityFindings,
  checkAccessibility,
  isAlive,
  screenshot,
  startApp,
  startDesktop,
  startDirect,
  type App,
  type AppOptions,
  type Desktop,
} from './harness';

const libraries = execFileSync('pkg-config', ['--variable=libdir', 'webkit2gtk-4.1'], {
  encoding: 'utf8',
}).trim();
const browser = `${libraries}/webkit2gtk-4.1/MiniBrowser`;

// The policy and the frozen prototype are those of the app.
const policy = "default-src 'none'; script-src 'self' file:; style-src 'self' file:";
const html = `<!doctype html><html lang="en"><head><title>Harness</title>
<meta charset="utf-8" /><meta http-equiv="Content-Security-Policy" content="${policy}" />
<link rel="stylesheet" href="page.css" /><script src="page.js" defer></script></head>
<body><main><h1>Credentials</h1>
<label for="find">Find</label> <input id="find" />
<button aria-label="Copy payment-gateway">Copy</button> <button>Lock</button>
<button>Twin</button> <button>Twin</button> <button hidden>Unseen</button>
<p role="status" id="said"></p><div id="faults"></div></main></body></html>`;
const css = `body { background: #fff; color: #111; } button, input { min-height: 32px; }
.wide { display: block; } .narrow { display: none; }
@media (max-width: 700px) { .wide { display: none; } .narrow { display: block; } }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } }
@keyframes fade { from { opacity: 0; } } .fading { animation: fade 400ms; }
.faint { color: #ccc; background: #fff; }`;
const js = `Object.freeze(Object.prototype);
const said = document.getElementById('said');
for (const button of document.querySelectorAll('button'))
  button.onclick = (event) => { if (event.isTrusted) said.textContent = 'clicked ' + button.textContent; };
addEventListener('keydown', (event) => {
  if (event.isTrusted && event.ctrlKey && event.key === 'k') {
    document.getElementById('find').focus(); event.preventDefault(); }
});
document.getElementById('find').oninput = (event) => { said.textContent = 'find ' + event.target.value; };`;

let desktop: Desktop;
let app: App;
let options: AppOptions;

beforeAll(async () => {
  desktop = await startDesktop({ notifications: false });
  for (const [name, text] of Object.entries({
    'page.html': html,
    'page.css': css,
    'page.js': js,
  })) {
    writeFileSync(join(desktop.folder, name), text);
  }
  options = { binary: browser, args: ['--automation'] };
  app = await startApp(desktop, options);
  await open(app);
});
afterAll(() => desktop.stop());

const open = ({ webdriver }: App) => webdriver.get(`file://${desktop.folder}/page.html`);
const plant = (faults: string) =>
  app.page.run(`document.getElementById('faults').innerHTML = arguments[0]`, faults);

test('finds by accessible name, clicks, types and presses like a person', async () => {
  const { page } = app;
  await page.click(await page.findByRole('button', { name: 'Copy payment-gateway' }));
  await page.findByText('clicked Copy');
  expect(await page.queryByRole('button', { name: /unseen/i })).toBeNull();
  expect(await page.queryByRole('button', { name: 'Copy' })).toBeNull();
  expect(await page.allByRole('button', { name: /^twin$/i })).toHaveLength(2);
  await expect(page.queryByRole('button', { name: 'Twin' })).rejects.toThrow('2 times');
  await expect(page.findByRole('button', { name: 'Gone', timeout: 100 })).rejects.toThrow(
    /Found 0[\s\S]*Copy payment-gateway/,
  );
  await page.findByRole('heading', { name: 'Credentials', level: 1 });

  await page.press('Control+k');
  expect(await page.activeElement()).toMatchObject({ role: 'textbox', name: 'Find' });
  await page.press('o', 'r', 'Shift+d');
  await page.findByText(/^find orD$/);
  await page.type(await page.findByRole('textbox'), 'er');
  await page.findByText('find orDer');
  await page.press('Tab', 'Tab', 'Enter');
  await page.findByText('clicked Lock');
  await page.press('Shift+Tab');
  expect(await page.activeElement()).toMatchObject({
    role: 'button',
    name: 'Copy payment-gateway',
  });
});

test('settles only when finite animations are over', async () => {
  const { page } = app;
  await plant('<p class="fading">Fading</p>');
  await page.settled();
  const opacity = await page.run(
    `return getComputedStyle(document.querySelector('.fading')).opacity`,
  );
  expect(opacity).toBe('1');
});

test('finds planted accessibility faults and no others', async () => {
  const { page } = app;
  await plant('');
  await checkAccessibility(page, 'clean page');
  await plant('<img src="x.png"><p class="faint">Too faint</p>');
  const found = (await accessibilityFindings(page)).map(({ id }) => id).sort();
  expect(found).toEqual(['color-contrast', 'image-alt']);
  await expect(checkAccessibility(page, 'planted')).rejects.toThrow(/planted: 2[\s\S]*Too faint/);
  await plant('');
});

test('shows the dark theme', async () => {
  const dark = `return matchMedia('(prefers-color-scheme: dark)').matches`;
  expect(await app.page.run(dark)).toBe(false);
  await app.quit();
  app = await startApp(desktop, { ...options, theme: 'dark' });
  await open(app);
  expect(await app.page.run(dark)).toBe(true);
  await checkAccessibility(app.page, 'dark');
  expect(existsSync(await screenshot(desktop, 'dark'))).toBe(true);
});

test('quitting leaves no process of the app behind', async () => {
  const own = desktop.processes();
  expect(isAlive(app.pid)).toBe(true);
  await app.quit();
  expect(isAlive(app.pid)).toBe(false);
  // The driver, the app, and the app's network and web processes.
  expect(own.filter((pid) => !isAlive(pid)).length).toBeGreaterThanOrEqual(4);
  app = await startApp(desktop, options);
});

test('an app that ends before it has a window is a failure at once', async () => {
  const blind = startApp(desktop, { ...options, env: { DISPLAY: ':none' } });
  await expect(blind).rejects.toThrow(/ended before it had a window[\s\S]*cannot open display/);
});

test('starts a program without WebDriver and keeps what it prints', async () => {
  const direct = startDirect(desktop, { binary: browser, env: { DISPLAY: ':none' } });
  expect((await direct.end()).code).not.toBe(0);
  expect(direct.stderr()).toContain('cannot open display');
});
