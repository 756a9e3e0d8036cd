// The dependency map in the real window, in the demo: looked at, edited, written to files, and a rotation begun.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WebElement } from 'selenium-webdriver';
import type { MapPicture } from '../../ui/src/lib/bindings';
import { HIGH, WIDE } from '../../ui/src/lib/features/map/shape';
import { start, toScreenX, toScreenY } from '../../ui/src/lib/features/map/view';
import {
  choosePlace,
  Hand,
  lookingAt,
  openScreen,
  screenshot,
  startApp,
  startDemo,
  startDesktop,
  type App,
  type Desktop,
  type Page,
  type Spot,
  type Theme,
} from './harness';

let desktop: Desktop;
let app: App;
let page: Page;

beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

async function openMap(theme: Theme = 'light') {
  app = await startApp(desktop, { theme });
  page = app.page;
  await startDemo(app);
  await openScreen(app, 'Map');
  await painted();
}

const press = async (name: string | RegExp, within?: WebElement) =>
  page.click(await page.findByRole('button', { name, ...(within ? { within } : {}) }));

const painted = () =>
  page.waitFor(
    () =>
      page.run<boolean>(`return !!document.querySelector('[role=application]:not([aria-busy])')`),
    { what: 'the picture', otherwise: () => page.text() },
  );

/** Looks for a node by its name, and has it chosen. */
async function choose(name: string) {
  await page.press('Control+f', ...name, 'Enter');
  await page.findByRole('heading', { name, level: 2 });
}

async function chooseOf(button: string | RegExp, item: string | RegExp) {
  await press(button);
  await page.click(await page.findByRole('menuitem', { name: item }));
}

async function write(format: string): Promise<string> {
  const file = join(desktop.home, `map.${format.toLowerCase()}`);
  await chooseOf('Export', `Export as ${format}`);
  await choosePlace(desktop, 'Save the export', file);
  await page.findByText(`The map is written to ${file}.`);
  return file;
}

/** Every line of the list with those above it, from the top; only those in sight are in the page. */
async function linesOfList(): Promise<string[]> {
  const read = `
    const list = document.querySelector('[role=treegrid]');
    const rows = [...list.querySelectorAll('[role=row][data-line]')].map((row) => [
      Number(row.ariaRowIndex), Number(row.ariaLevel),
      row.querySelector('.name > .truncate').textContent, row.children[2].textContent.trim()]);
    return { count: Number(list.ariaRowCount) - 1, rows };`;
  const known = new Map<number, [level: number, name: string, reload: string]>();
  const list = await page.findByRole('treegrid');
  await page.run('arguments[0].focus()', list);
  await page.press('Home');
  for (;;) {
    const { count, rows } = await page.run<{
      count: number;
      rows: [number, number, string, string][];
    }>(read);
    for (const [index, level, name, reload] of rows) known.set(index, [level, name, reload]);
    if (known.size === count) break;
    await page.press('PageDown');
    await page.settled();
  }
  const above: string[] = [];
  return [...known.entries()]
    .sort(([one], [other]) => one - other)
    .map(([, [level, name, reload]]) => {
      above.splice(level - 1, Infinity, name);
      return [...above, ...(reload ? ['reloads'] : [])].join(' > ');
    });
}

/** What the picture holds, as the same lines. */
function linesOfPicture({ nodes, edges }: MapPicture): string[] {
  const links = edges.from.map((from, edge) => [from, edges.to[edge] ?? -1] as const);
  const name = (node: number) => nodes.name[node] ?? '';
  const below = (node: number): string[] =>
    links
      .filter(([from, to]) => from === node && nodes.column[to] !== 3)
      .flatMap(([, to]) => linesFrom(to).map((line) => `${name(node)} > ${line}`));
  const linesFrom = (node: number): string[] => {
    const reloads = links.some(([from, to]) => from === node && nodes.column[to] === 3);
    return [reloads ? `${name(node)} > reloads` : name(node), ...below(node)];
  };
  const roots = nodes.key.flatMap((_, node) => (links.some(([, to]) => to === node) ? [] : [node]));
  return roots.flatMap(linesFrom);
}

it.each(['light', 'dark'] as const)('is readable in %s', { timeout: 300_000 }, async (theme) => {
  await openMap(theme);
  const see = lookingAt(app, theme);
  await see('map', 'small too');
  await choose('payment-gateway');
  await page.findByText('Tell before you start');
  await see('map-chosen', 'small too');
  await press(/^Orphans/);
  await page.findByRole('dialog', { name: 'Orphans' });
  await see('map-orphans');
  await page.press('Escape');
  await chooseOf('Group', 'By owner');
  await painted();
  await see('map-groups');
  await page.click(await page.findByRole('radio', { name: 'List' }));
  await page.findByRole('treegrid');
  await see('map-list', 'small too');
});

it(
  'holds in its list and its files exactly what the picture holds',
  { timeout: 120_000 },
  async () => {
    await openMap();
    const json = await write('JSON');
    const picture = JSON.parse(readFileSync(json, 'utf8')) as MapPicture;
    expect(picture.nodes.key.length).toBeGreaterThan(30);
    expect(readFileSync(await write('SVG'), 'utf8')).toContain('payment-gateway');
    expect(readFileSync(await write('DOT'), 'utf8')).toContain('digraph');
    expect(
      readFileSync(await write('PNG'))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    await page.click(await page.findByRole('radio', { name: 'List' }));
    expect((await linesOfList()).toSorted()).toEqual(linesOfPicture(picture).toSorted());
  },
);

it('binds a consumer and takes the binding away again', { timeout: 120_000 }, async () => {
  await openMap();
  await choose('payment-gateway');
  await chooseOf('More for payment-gateway', 'Bind a consumer…');
  const sheet = await page.findByRole('dialog', { name: 'Add a consumer' });
  await page.click(await page.findByRole('combobox', { name: 'Who uses it', within: sheet }));
  await page.click(await page.findByRole('option', { name: 'New consumer…', within: sheet }));
  await page.type(await page.findByRole('textbox', { name: 'Name', within: sheet }), 'kiosk');
  await page.click(await page.findByRole('radio', { name: 'By hand', within: sheet }));
  const field = (name: string) => page.findByRole('textbox', { name, within: sheet });
  await page.type(await field('Who does it'), 'Ana');
  await page.type(await field('Steps'), 'Paste it in the console of the shop.');
  await press(/^Add consumer/, sheet);
  await page.findByRole('dialog', { name: 'kiosk is saved' });
  await page.press('Escape');
  await chooseOf('More for payment-gateway', 'Remove kiosk');
  const question = await page.findByRole('alertdialog', {
    name: /^Remove payment-gateway from kiosk/,
  });
  await press('Remove', question);
  await page.findByText('payment-gateway was removed from kiosk.');
  await screenshot(desktop, 'map-removed');
});

it('binds what is drawn together by hand', { timeout: 120_000 }, async () => {
  await openMap();
  const { nodes } = JSON.parse(readFileSync(await write('JSON'), 'utf8')) as MapPicture;
  const map = await page.findByRole('application', { name: 'Dependency map' });
  const { width, height } = await map.getRect();
  const view = start(width, height, Math.max(...nodes.y) + HIGH);
  const placeOf = (column: number, name: string): Spot => {
    const node = nodes.name.findIndex((one, at) => one === name && nodes.column[at] === column);
    const [x = 0, y = 0] = [nodes.x[node], nodes.y[node]];
    return { x: toScreenX(view, x + WIDE / 2), y: toScreenY(view, y + HIGH / 2) };
  };
  // Both have to be in sight: of each column the one that lies highest.
  const highest = (column: number): string => {
    const all = nodes.key.flatMap((_, at) => (nodes.column[at] === column ? [at] : []));
    const [first = 0] = all.toSorted((one, other) => (nodes.y[one] ?? 0) - (nodes.y[other] ?? 0));
    return nodes.name[first] ?? '';
  };
  const [credential, consumer] = [highest(1), highest(2)];
  const hand = await Hand.over(app, page.webdriver, map);
  await hand.drag(placeOf(2, consumer), placeOf(1, credential));
  const sheet = await page.findByRole('dialog', { name: 'Add a consumer' });
  await page.findByText(`It uses ${credential}.`, { within: sheet });
  const who = await page.findByRole('combobox', { name: 'Who uses it', within: sheet });
  // The consumers to choose from are read after the sheet is there.
  const chosen = () => page.run<string>('return arguments[0].selectedOptions[0]?.text ?? ""', who);
  await page.waitFor(async () => (await chosen()) === consumer, {
    what: `${consumer} to be chosen`,
    otherwise: chosen,
  });
});

it('begins the rotation of what is chosen with its plan', async () => {
  await openMap();
  await choose('search-index');
  await press('Rotate…');
  const plan = await page.findByRole('dialog', { name: 'Rotate search-index' });
  await page.findByRole('button', { name: 'Look again', within: plan });
});
