// The expiry timeline in the real window, on the demo: what it shows, how a plan is moved, and what goes out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WebElement } from 'selenium-webdriver';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  choosePlace,
  Hand,
  lookingAt,
  openScreen,
  startApp,
  startDemo,
  startDesktop,
  type App,
  type Desktop,
  type Page,
} from './harness';

let desktop: Desktop;
beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(() => desktop.stop());

async function openTimeline(app: App): Promise<Page> {
  await startDemo(app);
  await openScreen(app, 'Timeline');
  await app.page.findByRole('treegrid', { name: 'Credentials on the timeline' });
  return app.page;
}

const press = async (page: Page, name: string | RegExp) =>
  page.click(await page.findByRole('button', { name }));

/** What is asked in the row that is meant, once its answer is there; it is said aloud as well. */
async function asked(page: Page): Promise<string> {
  const answered = `return document.querySelector('.asks:not(:has([aria-busy=true]))') !== null`;
  await page.waitFor(() => page.run<boolean>(answered), { what: 'an answer' });
  return page.run<string>(`return document.querySelector('.asks strong').textContent.trim()`);
}

/** Each row of the picture in the page: its place, and what is read out: its name, and what the canvas shows of it. */
const inThePicture = `
  const grid = document.querySelector('[role=treegrid]');
  const rows = [...grid.querySelectorAll('[role=row]')].slice(1);
  return { count: Number(grid.ariaRowCount) - 1, rows: rows.map((row) => [Number(row.ariaRowIndex),
    ...[...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent.trim())]) };`;

/** Each row of the table: its cells under the words of its columns. */
const inTheTable = `
  const table = document.querySelector('table[aria-rowcount]');
  const columns = [...table.querySelectorAll('thead th')].map((one) => one.textContent.trim());
  return [...table.querySelectorAll('tbody tr[aria-rowindex]')].map((row) => {
    const [name, ...cells] = [...row.children].map((cell) => cell.textContent.trim());
    const facts = cells.length === 2 ? [cells[0]] : cells.slice(0, -1)
      .flatMap((text, at) => (text ? [columns[at + 1] + ': ' + text + '.'] : []));
    return [name, facts.join(' ')];
  });`;

/** All rows of the picture, also those that have to be scrolled to. */
async function wholePicture(page: Page): Promise<[string, string][]> {
  const seen = new Map<number, [string, string]>();
  await page.run('arguments[0].focus()', await page.findByRole('treegrid'));
  for (;;) {
    const { count, rows } = await page.run<{
      count: number;
      rows: [number, string, string, string][];
    }>(inThePicture);
    for (const [place, name, , said] of rows) seen.set(place, [name, said]);
    if (seen.size === count) break;
    await page.press('PageDown');
    await page.settled();
  }
  return [...seen.entries()].sort(([one], [other]) => one - other).map(([, row]) => row);
}

it('holds in the table exactly what the picture holds', async () => {
  const page = await openTimeline(await startApp(desktop));
  const picture = await wholePicture(page);
  const names = picture.filter(([, said]) => said.startsWith('Status:')).map(([name]) => name);
  expect(names).toContain('payment-gateway');
  expect(names.length).toBeGreaterThan(25);
  await page.press('t');
  await page.findByRole('region', { name: 'Dates' });
  expect(await page.run<[string, string][]>(inTheTable)).toEqual(picture);
});

describe('a planned rotation', () => {
  it('is moved by the keyboard after a question, and refused beyond what its policy allows', async () => {
    const page = await openTimeline(await startApp(desktop));
    await page.press('/', ...'reports-db');
    await page.findByRole('row', { name: /^reports-db / });
    await page.run('arguments[0].focus()', await page.findByRole('treegrid'));
    await page.press('Home', 'Down', ']');
    await page.findByRole('button', { name: /^Leave it/ });
    expect(await asked(page)).toMatch(/^Not moved\. Its policy wants it done by /);
    await page.press('Escape', '[');
    await page.findByRole('button', { name: /^Keep/ });
    const to = (await asked(page)).replace(/^Move to (.*)\?$/, '$1');
    const isThere = async () =>
      (await page.allByRole('row', { name: new RegExp(`Planned: ${to}\\.`) })).length === 1;
    await page.press('Enter');
    await page.waitFor(isThere, { what: 'the plan to be moved', otherwise: page.text });
    await press(page, 'Undo');
    await page.waitFor(async () => !(await isThere()), { what: 'the plan to be back' });
  });
});

it('is moved by the pointer, and asked about where it is dropped', async () => {
  const app = await startApp(desktop);
  const page = await openTimeline(app);
  await page.press('/', ...'reports-db');
  await page.findByRole('row', { name: /^reports-db / });
  await page.click(await page.findByRole('radio', { name: 'Quarter' }));
  const canvas = await page.run<WebElement>(`return document.querySelector('canvas.rows')`);
  const { width } = await canvas.getRect();
  const hand = await Hand.over(app, page.webdriver, canvas);
  // Below the line with the name of the lane.
  const y = 34;
  const isHandle = () => page.run<boolean>(`return !!document.querySelector('.picture.holding')`);
  let x = width;
  while (x > 0 && !(await isHandle())) {
    x -= 5;
    await hand.move({ x, y });
    await page.settled();
  }
  expect(x, 'where the planned rotation is').toBeGreaterThan(0);
  await hand.drag({ x, y }, { x: x - 60, y });
  await page.findByRole('button', { name: /^Keep/ });
  const to = (await asked(page)).replace(/^Move to (.*)\?$/, '$1');
  await press(page, /^Move/);
  await page.waitFor(
    async () =>
      (await page.allByRole('row', { name: new RegExp(`Planned: ${to}\\.`) })).length === 1,
    { what: 'the plan to be moved', otherwise: page.text },
  );
});

it('goes out as a drawing and as a calendar', async () => {
  const page = await openTimeline(await startApp(desktop));
  const write = async (item: string, file: string) => {
    await press(page, 'Export');
    await page.click(await page.findByRole('menuitem', { name: item }));
    await choosePlace(desktop, 'Save the export', file);
    const within = await page.findByRole('region', { name: 'Messages' });
    await page.findByText(`The timeline is in ${file}.`, { within });
    return readFileSync(file, 'utf8');
  };
  const svg = await write('Drawing (SVG)', join(desktop.home, 'timeline.svg'));
  expect(svg).toMatch(/^<svg [\s\S]*payment-gateway[\s\S]*<\/svg>\n$/);
  const calendar = await write('Calendar (ICS)', join(desktop.home, 'timeline.ics'));
  expect(calendar).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*END:VCALENDAR\r\n$/);
  expect(calendar).toContain('SUMMARY:Rotate reports-db');
});

describe.each(['light', 'dark'] as const)('in %s', (theme) => {
  it('can be read at every zoom, as a picture and as a table', { timeout: 300_000 }, async () => {
    const app = await startApp(desktop, { theme });
    const page = await openTimeline(app);
    const see = lookingAt(app, theme);
    await page.run('arguments[0].focus()', await page.findByRole('treegrid'));
    await page.press('Down', 'Down', 'Down');
    await see('timeline', 'small too');
    await page.click(await page.findByRole('radio', { name: 'Year' }));
    await see('timeline-year');
    await page.press('t');
    await page.findByRole('region', { name: 'Dates' });
    await see('timeline-table', 'small too');
    await page.press('/', ...'reports-db');
    await press(page, 'Reschedule reports-db');
    await page.findByRole('dialog', { name: /^Reschedule / });
    await press(page, 'Earlier');
    await page.waitFor(async () => (await page.text()).includes('Move to '), {
      what: 'a question',
    });
    await see('timeline-reschedule');
    await page.press('Escape');
  });
});
