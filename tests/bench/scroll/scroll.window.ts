// Scrolls 100,000 rows from top to end and back in leaps, and weighs what is open: the app with many
// and with few credentials, and the neighbour with as many.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { familyOf, startDesktop, waitFor, type Desktop } from '../../e2e/harness';
import { given, openByKeys, openVault } from '../window';

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

/** KiB that a program and all it started really take. */
function weigh(pid: number): number {
  const one = (id: number) => {
    try {
      const text = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
      return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
    } catch {
      return 0;
    }
  };
  return familyOf(pid).reduce((sum, id) => sum + one(id), 0);
}

/** When it has stopped growing. */
async function weighed(pid: number): Promise<number> {
  let last = 0;
  return waitFor(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const before = last;
      last = weigh(pid);
      return Math.abs(last - before) < 1_024 ? last : undefined;
    },
    { what: 'its memory to settle', within: 120_000 },
  );
}

async function on<T>(work: (desktop: Desktop) => Promise<T>): Promise<T> {
  const desktop = await startDesktop();
  try {
    return await work(desktop);
  } finally {
    await desktop.stop();
  }
}

const open = (vault: string) =>
  on(async (desktop) => weighed((await openByKeys(desktop, vault)).pid));

/** As somebody has it open: unlocked, all entries in memory. */
const neighbour = () =>
  on(async (desktop) => {
    const config = join(desktop.home, 'keepassxc.ini');
    writeFileSync(config, '[General]\nSingleInstance=false\nUpdateCheckMessageShown=true\n');
    const program = desktop.start('keepassxc', ['--config', config, '--pw-stdin', kdbx], {
      input: `${passphrase}\n`,
    });
    const title = ['search', '--pid', String(program.pid), '--name', '^Bench|^large.*KeePassXC'];
    await waitFor(async () => (await desktop.run('xdotool', title).catch(() => '')).trim(), {
      what: 'KeePassXC to open the file',
      within: 120_000,
      otherwise: program.stderr,
    });
    return weighed(program.pid);
  });

it('scrolls', { timeout: 900_000 }, async () => {
  const memory = {
    small: await open(small),
    large: await open(large),
    neighbour: await neighbour(),
  };
  const ways = await on(async (desktop) => {
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
