// Opens a large map, has ways stand out in it, moves and zooms it.
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openScreen, startDesktop, type Page } from '../../e2e/harness';
import { given, openVault } from '../window';

const { vault, report } = given<{ vault: string; report: string }>();

const TIMES = 5;
const FRAMES = 240;

/** How long it takes from the choice in the menu to the painted picture of another grouping. */
const gather = `
  const [label, done] = [arguments[0], arguments[arguments.length - 1]];
  const map = document.querySelector('[role=application]');
  const item = [...document.querySelectorAll('[role=menuitem]')].find(
    (one) => one.textContent.trim() === label);
  const begun = performance.now();
  let busy = false;
  new MutationObserver((_, self) => {
    if (map.ariaBusy === 'true') return (busy = true);
    if (!busy) return;
    self.disconnect();
    // Painted with this frame, and in sight with the next.
    requestAnimationFrame(() => done(performance.now() - begun));
  }).observe(map, { attributeFilter: ['aria-busy'] });
  item.click();`;

/** How long it takes from a press until the way through what is there is in sight. */
const press = `
  const [x, y, done] = [arguments[0], arguments[1], arguments[arguments.length - 1]];
  const canvas = document.querySelector('[role=application] canvas');
  const { left, top } = canvas.getBoundingClientRect();
  const at = { clientX: left + x, clientY: top + y, button: 0, pointerId: 1, bubbles: true };
  const begun = performance.now();
  for (const type of ['pointerdown', 'pointerup']) canvas.dispatchEvent(new PointerEvent(type, at));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));`;

/** The same for a step to the next node, which stands out at once. */
const step = `
  const done = arguments[arguments.length - 1];
  const map = document.querySelector('[role=application]');
  const begun = performance.now();
  map.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));`;

/** Turns the wheel so far with each frame, half of the time the other way. */
const turn = `
  const [by, zooms, count, done] = [...arguments];
  const canvas = document.querySelector('[role=application] canvas');
  const { left, top } = canvas.getBoundingClientRect();
  const frames = [];
  let before = null;
  const frame = (now) => {
    if (before !== null) frames.push(now - before);
    before = now;
    if (frames.length >= count) return done(frames);
    const deltaY = frames.length < count / 2 ? by : -by;
    canvas.dispatchEvent(new WheelEvent('wheel', {
      deltaY, ctrlKey: zooms, clientX: left + 480, clientY: top + 280, bubbles: true, cancelable: true,
    }));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);`;

/** How many issuers, credentials and consumers the picture says it has. */
const size = `
  const label = document.querySelector('[role=application] canvas').ariaLabel;
  return [...label.matchAll(/\\d[\\d,]*/g)].slice(0, 3).map(([text]) => Number(text.replace(',', '')));`;

async function choose(page: Page, label: string): Promise<number> {
  await page.click(await page.findByRole('button', { name: /^Group/ }));
  await page.findByRole('menuitem', { name: label });
  const took = await page.webdriver.executeAsyncScript<number>(gather, label);
  return took;
}

it('shows a large map', { timeout: 300_000 }, async () => {
  const desktop = await startDesktop();
  try {
    const app = await openVault(desktop, vault);
    const { page } = app;
    const ask = <T>(script: string, ...args: unknown[]) =>
      page.webdriver.executeAsyncScript<T>(script, ...args);
    await openScreen(app, 'Map');
    await page.findByRole('button', { name: 'Group: owner' });
    const first: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      first.push(await choose(page, 'No groups'));
      if (time < TIMES - 1) await choose(page, 'By owner');
    }
    const [issuers = 0, credentials = 0, consumers = 0] = await page.run<number[]>(size);
    await page.settled();

    const highlight: { name: string; times: number[] }[] = [];
    const near: number[] = [];
    for (let y = 150; near.length < TIMES; y += 14) {
      const took = await ask<number>(press, 400, y);
      await page.settled();
      const [close] = await page.allByRole('button', { name: 'Close details' });
      if (!close) continue;
      near.push(took);
      await page.press('Escape');
      await page.settled();
    }
    highlight.push({ name: 'a press', times: near });

    const ways = [];
    for (const [name, by, zooms] of [
      ['moved slowly', 12, false],
      ['moved by the wheel', 100, false],
      ['zoomed', 12, true],
    ] as const) {
      ways.push({ name, frames: await ask<number[]>(turn, by, zooms, FRAMES) });
    }
    await page.press('0');
    await page.settled();
    for (const [name, by, zooms] of [
      ['the whole map, zoomed', -8, true],
      ['the whole map, moved', 40, false],
    ] as const) {
      ways.push({ name, frames: await ask<number[]>(turn, by, zooms, FRAMES) });
    }

    await page.press('0');
    await page.run(`document.querySelector('[role=application]').focus()`);
    const far: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      far.push(await ask<number>(step));
      await page.settled();
    }
    highlight.push({ name: 'a step in the whole map', times: far });
    expect(ways.map(({ frames }) => frames.length)).toEqual(ways.map(() => FRAMES));
    // A reload for each consumer.
    const nodes = issuers + credentials + 2 * consumers;
    writeFileSync(report, JSON.stringify({ nodes, first, highlight, ways }));
  } finally {
    await desktop.stop();
  }
});
