// Checks the window against WCAG 2.2 AA with axe-core, in both themes and at both zooms.
import { createRequire } from 'node:module';
import type { Page } from './page';

const require = createRequire(import.meta.url);
const { source } = require('axe-core') as { source: string };

/** `target-size` is off in axe unless wcag22aa is asked for by name. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export interface Finding {
  id: string;
  impact: string;
  help: string;
  where: { element: string; html: string; why: string }[];
}

const check = `
  const [tags, done] = [arguments[0], arguments[arguments.length - 1]];
  const words = (node) => [...node.any, ...node.all, ...node.none].map((one) => one.message).join('; ');
  // What lies behind a sheet or dialog is out of reach and dimmed; it was looked at without it.
  const modal = [...document.querySelectorAll('[aria-modal="true"]')];
  const messages = document.querySelector('section[aria-label="Messages"]');
  const context = modal.length > 0 ? { include: [...modal, ...(messages ? [messages] : [])] } : document;
  axe.run(context, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }).then(
    ({ violations, passes }) => done({ passes: passes.length, findings: violations.map((one) => ({
      id: one.id, impact: String(one.impact), help: one.help,
      where: one.nodes.map((node) => ({
        element: node.target.flat().join(' '), html: node.html.slice(0, 160), why: words(node) })),
    })) }),
    (failure) => done({ failure: String(failure) }));`;

/** What axe finds in the window as it is now. */
export async function accessibilityFindings(page: Page): Promise<Finding[]> {
  await page.settled();
  if (!(await page.run<boolean>('return Boolean(globalThis.axe)'))) await page.run(source);
  const answer = await page.webdriver.executeAsyncScript<
    { failure: string } | { failure?: never; passes: number; findings: Finding[] }
  >(check, tags);
  if (answer.failure !== undefined) throw new Error(`axe did not run: ${answer.failure}`);
  if (answer.passes === 0) throw new Error('axe found nothing to check: is the window empty?');
  return answer.findings;
}

/** Fails with every finding when there is one. */
export async function checkAccessibility(page: Page, label: string): Promise<void> {
  const findings = await accessibilityFindings(page);
  if (findings.length === 0) return;
  const lines = findings.flatMap(({ id, impact, help, where }) => [
    `${impact} ${id}: ${help}`,
    ...where.map(({ element, html, why }) => `    ${element}\n      ${html}\n      ${why}`),
  ]);
  throw new Error(`${label}: ${findings.length} accessibility findings\n${lines.join('\n')}`);
}

/** So much each press of the keys zooms, in per cent. */
const STEP = 20;

/**
 * Zooms with the app's own keys, as a person does: the web view's real zoom, so breakpoints, wrapping
 * and sticky bars are those of a zoomed window. The other ways fall short: CSS `zoom` leaves the media
 * queries at 100 %, GDK_SCALE only paints larger, and half a window is smaller than the app allows.
 */
export async function zoomTo(page: Page, zoom: 100 | 200): Promise<void> {
  const width = () => page.run<number>('return window.innerWidth');
  // The web view has no zoom of its own to read: its width in CSS pixels tells, seen from 100 %.
  const full = await page.run<number>('return window.outerWidth');
  const now = async () => Math.round(((full / (await width())) * 100) / STEP) * STEP;
  await page.waitFor(
    async () => {
      const before = await now();
      if (before === zoom) return true;
      // One press at a time: a slow window may take it late, and takes it back on the way.
      await page.press(zoom === 100 ? 'Control+0' : before < zoom ? 'Control+=' : 'Control+-');
      const moved = async () => (await now()) !== before;
      await page.waitFor(moved, { what: 'another zoom', within: 2_000 }).catch(() => false);
      return false;
    },
    {
      what: `a zoom of ${zoom} %`,
      within: 20_000,
      otherwise: async () => `The window is ${full} pixels wide, its page ${await width()}.`,
    },
  );
  await page.settled();
}
