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

/** Scrolls by so many pixels a frame, and keeps how long each frame was. */
const scroll = `
  const [step] = arguments;
  const grid = document.querySelector('[role=grid]');
  window.frames = [];
  grid.scrollTop = 0;
  const end = grid.scrollHeight - grid.clientHeight;
  let [top, before] = [0, null];
  const frame = (now) => {
    if (before !== null) window.frames.push(now - before);
    before = now;
    if (top >= end || window.arrived) return (window.arrived = true);
    // Not read from the page, which would have it laid out for the measurement.
    grid.scrollTop = top += step;
    requestAnimationFrame(frame);
  };
  window.arrived = false;
  requestAnimationFrame(frame);`;

/** Pixels a frame: read along, the wheel of a hurry, the thumb of the scrollbar pulled down. */
const STEPS = [120, 1_200, 12_000];

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
  const frames = await on(async (desktop) => {
    const app = await openVault(desktop, large);
    const took: Record<string, number[]> = {};
    for (const step of STEPS) {
      await app.page.run(scroll, step);
      // From top to end at a reader's pace takes hours: a part of it.
      await app.page.waitFor(
        () => app.page.run<boolean>('return window.arrived || window.frames.length >= 1200'),
        { what: `the end, by ${step}`, within: 120_000 },
      );
      took[step] = await app.page.run<number[]>('window.arrived = true; return window.frames');
    }
    return took;
  });
  expect(Object.values(frames).every((all) => all.length > 100)).toBe(true);
  writeFileSync(report, JSON.stringify({ frames, memory }));
});
