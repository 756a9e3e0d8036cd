// Scrolls 100,000 rows from top to end and back in leaps, and weighs what is open: the app with many
// and with few credentials, and the neighbour with as many.
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { given, onDesktop, openByKeys, openNeighbour, openVault, weighed } from '../window';

interface Given {
  large: string;
  small: string;
  kdbx: string;
  passphrase: string;
  report: string;
}

const { large, small, kdbx, passphrase, report } = given<Given>();

/**
 * Scrolls by so many pixels a frame from there to the end, or for so many frames, and keeps how long
 * each frame was and how many rows in sight were not filled yet.
 */
const scroll = `
  const [step, from, most] = arguments;
  const grid = document.querySelector('[role=grid]');
  const end = grid.scrollHeight - grid.clientHeight;
  const height = grid.clientHeight;
  window.scrolled = { frames: [], waiting: [] };
  let [top, before] = [Math.max(0, from < 0 ? end + from : from), null];
  grid.scrollTop = top;
  const inSight = (row) => {
    const at = Number(row.dataset.line) * 36;
    return at + 36 > top && at < top + height - 72;
  };
  const waiting = () =>
    [...grid.querySelectorAll('[role=row][aria-busy=true]')].filter(inSight).length;
  const frame = (now) => {
    const { frames } = window.scrolled;
    if (before !== null) {
      frames.push(now - before);
      window.scrolled.waiting.push(waiting());
    }
    before = now;
    if (top >= end || frames.length >= most) return (window.arrived = true);
    // Not read from the page, which would have it laid out for the measurement.
    grid.scrollTop = top = Math.min(end, top + step);
    requestAnimationFrame(frame);
  };
  window.arrived = false;
  requestAnimationFrame(frame);`;

/** How far a reader's pace is followed: from top to end it takes a quarter of an hour. */
const READ = 72_000;

/** Pixels a frame: read along, at the beginning and up to the end; the wheel of a hurry; the thumb. */
const WAYS = [
  { step: 120, from: 0, most: READ / 120 },
  { step: 120, from: -READ, most: Infinity },
  { step: 1_200, from: 0, most: Infinity },
  { step: 12_000, from: 0, most: Infinity },
];

export interface Scrolled {
  step: number;
  frames: number[];
  waiting: number[];
}

/** Whether what is in sight when it has come to rest is filled, down to the last row. */
const lastRowIsThere = `
  const rows = [...document.querySelectorAll('[role=grid] [role=row][data-line]')];
  const last = Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) - 2;
  return rows.some((row) => Number(row.dataset.line) === last) && rows.every((row) => !row.ariaBusy);`;

const open = (vault: string) =>
  onDesktop(async (desktop) => weighed((await openByKeys(desktop, vault)).pid));

const neighbour = () =>
  onDesktop(async (desktop) => weighed((await openNeighbour(desktop, kdbx, passphrase)).pid));

it('scrolls', { timeout: 900_000 }, async () => {
  const memory = {
    small: await open(small),
    large: await open(large),
    neighbour: await neighbour(),
  };
  const ways = await onDesktop(async (desktop) => {
    const { page } = await openVault(desktop, large);
    const took: Scrolled[] = [];
    const all = `return document.querySelector('[role=grid]').ariaRowCount === '100001'`;
    await page.waitFor(() => page.run<boolean>(all), { what: 'the whole list' });
    for (const { step, from, most } of WAYS) {
      await page.run(scroll, step, from, Number.isFinite(most) ? most : Number.MAX_SAFE_INTEGER);
      await page.waitFor(() => page.run<boolean>('return window.arrived'), {
        what: `the end, by ${step}`,
        within: 300_000,
      });
      const { frames, waiting } = await page.run<Omit<Scrolled, 'step'>>('return window.scrolled');
      took.push({ step, frames, waiting });
      if (Number.isFinite(most)) continue;
      await page.waitFor(() => page.run<boolean>(lastRowIsThere), { what: 'the last row' });
    }
    return took;
  });
  expect(ways.map(({ frames }) => frames.length > 100)).toEqual(WAYS.map(() => true));
  writeFileSync(report, JSON.stringify({ ways, memory }));
});
