// Opens the timeline again and again, and pans and zooms it with the wheel: as strips, and with a crowded lane opened.
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startDesktop, type Page } from '../../e2e/harness';
import { given, openVault } from '../window';

const { vault, report } = given<{ vault: string; report: string }>();

/** So often it is opened, from another screen. */
const TIMES = 7;
/** So many frames of each movement are measured. */
const FRAMES = 120;

/** From the press of its entry until the frame is painted in which the canvas has the rows. */
const open = `
  const done = arguments[arguments.length - 1];
  const entry = [...document.querySelectorAll('nav button')].find((one) => /^Timeline/.test(one.textContent.trim()));
  const { port1, port2 } = new MessageChannel();
  const began = performance.now();
  port1.onmessage = () => done(performance.now() - began);
  const watch = () => {
    const canvas = document.querySelector('canvas[role=img]');
    // It has a size of its own as soon as it is drawn; a message comes after the painting.
    if (canvas && canvas.width > 300 && document.querySelectorAll('[role=treegrid] [role=row]').length > 2)
      return requestAnimationFrame(() => port2.postMessage(null));
    requestAnimationFrame(watch);
  };
  entry.click();
  requestAnimationFrame(watch);`;

/** Turns the wheel once a frame, and keeps how long each frame was. */
const move = `
  const [init, most, done] = arguments;
  const canvas = document.querySelector('canvas[role=img]');
  const { left, top, width } = canvas.getBoundingClientRect();
  const frames = [];
  let before = null;
  const frame = (now) => {
    if (before !== null) frames.push(now - before);
    before = now;
    if (frames.length >= most) return done(frames);
    // There and back, so that it stays in sight.
    const way = Math.floor(frames.length / 30) % 2 === 0 ? 1 : -1;
    canvas.dispatchEvent(new WheelEvent('wheel', {
      ...init, deltaX: way * (init.deltaX ?? 0), deltaY: way * (init.deltaY ?? 0),
      clientX: left + width / 2, clientY: top + 40, bubbles: true, cancelable: true }));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);`;

const WAYS = [
  { what: 'pan', init: { deltaX: 24 } },
  { what: 'zoom', init: { deltaY: 24, ctrlKey: true } },
  { what: 'scroll', init: { deltaY: 48 } },
] as const;

async function moved(page: Page, what: string) {
  const ways: { what: string; frames: number[] }[] = [];
  for (const way of WAYS) {
    const frames = await page.webdriver.executeAsyncScript<number[]>(move, way.init, FRAMES);
    ways.push({ what: `${way.what}, ${what}`, frames });
    await page.settled();
  }
  return ways;
}

it('pans and zooms', { timeout: 900_000 }, async () => {
  const desktop = await startDesktop();
  try {
    const { page } = await openVault(desktop, vault);
    const first: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      first.push(await page.webdriver.executeAsyncScript<number>(open));
      await page.settled();
      if (time + 1 === TIMES) break;
      await page.press('Control+1');
      await page.findByRole('grid');
      await page.settled();
    }
    const strips = await moved(page, 'strips');
    const [lane] = await page.allByRole('row', { name: /^API keys/ });
    if (lane) await page.click(lane);
    await page.waitFor(async () => (await page.allByRole('row')).length > 10, { what: 'its rows' });
    const ways = [...strips, ...(await moved(page, 'rows'))];
    expect(ways.every(({ frames }) => frames.length === FRAMES)).toBe(true);
    writeFileSync(report, JSON.stringify({ first, ways }));
  } finally {
    await desktop.stop();
  }
});
