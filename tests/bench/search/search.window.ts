// Types the queries letter by letter into the filter and measures each from the key press to the paint.
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startDesktop } from '../../e2e/harness';
import { given, openVault } from '../window';

const { vault, report, queries } = given<{ vault: string; report: string; queries: string[] }>();

/** From each key press on, until the frame is painted in which the answer to what stands there came. */
const watch = `
  window.took = [];
  const field = document.querySelector('[role=searchbox], input[type=search]');
  let pressed = null;
  field.addEventListener('keydown', (event) => {
    if (event.key.length === 1 && event.key !== ' ') pressed = event.timeStamp;
  }, true);
  window.answered = () => document.querySelector('[data-answer]')?.dataset.answer === field.value;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => {
    window.took.push([performance.now() - data, field.value]);
    window.told?.();
  };
  new MutationObserver(() => {
    if (pressed === null || !window.answered()) return;
    const since = pressed;
    pressed = null;
    // What changed now is painted in this frame; a message comes after the painting.
    requestAnimationFrame(() => port2.postMessage(since));
  }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  field.focus();`;

/** Waits in the page itself: to ask again and again would hold up what is measured. */
const shown = `
  const [count, done] = arguments;
  window.told = () => window.took.length >= count && done();
  window.told();`;

it('types', { timeout: 900_000 }, async () => {
  const desktop = await startDesktop();
  try {
    const { page } = await openVault(desktop, vault);
    await page.run(watch);
    let typed = 0;
    for (const query of queries) {
      for (const letter of query) {
        await page.webdriver.actions().sendKeys(letter).perform();
        // A blank asks nothing new.
        if (letter === ' ') continue;
        typed += 1;
        const done = typed;
        await page.webdriver.executeAsyncScript(shown, done);
      }
      await page.press('Escape');
      // Nobody types on before the whole list is back and painted.
      await page.waitFor(() => page.run<boolean>('return window.answered()'), { what: 'all rows' });
      await page.settled();
    }
    const took = await page.run<[number, string][]>('return window.took');
    expect(took.length).toBe(typed);
    writeFileSync(report, JSON.stringify(took));
  } finally {
    await desktop.stop();
  }
});
