/**
 * Scrolling 100,000 credentials in the real window: how long its frames are, and what the app weighs
 * with many and with few, against KeePassXC with as many entries open.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../../scripts/lib/app.mjs';
import { npmProgram } from '../../../scripts/lib/places.mjs';
import { run } from '../../../scripts/lib/run.mjs';
import { say } from '../../../scripts/lib/say.mjs';
import { setUp } from '../../../scripts/lib/setup.mjs';
import {
  forAVirtualDisplay,
  forRust,
  forTheApp,
  forTheTests,
  neighbours,
} from '../../../scripts/lib/system.mjs';
import { buildTestPrograms } from '../../../scripts/lib/test-programs.mjs';
import { PASSPHRASE, median, numbers } from '../unlock/neighbour.mjs';

const GOAL = { frame: 50, neighbour: 0.5, growth: 1.1 };

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function scroll() {
  await setUp([...forRust, ...forTheApp, ...forAVirtualDisplay, ...forTheTests, ...neighbours]);
  const app = await buildApp();
  const program = join(await buildTestPrograms(), 'bench-search');
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    return await measure(app, program, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} app
 * @param {string} program
 * @param {string} folder
 */
async function measure(app, program, folder) {
  const place = (/** @type {string} */ name) => join(folder, name);
  say('making vaults with 1,000 and 100,000 credentials, and a KDBX with 100,000');
  numbers(program, ['build', place('small'), '1000']);
  numbers(program, ['build', place('large'), '100000']);
  numbers(program, ['kdbx', place('large.kdbx'), '100000']);

  const report = place('report.json');
  const handed = {
    small: place('small'),
    large: place('large'),
    kdbx: place('large.kdbx'),
    passphrase: PASSPHRASE,
    report,
  };
  const env = { KEYTURN_APP: app, KEYTURN_BENCH: JSON.stringify(handed) };
  await run(npmProgram('vitest'), ['run', '--project', 'bench', 'scroll'], { env });
  /** @type {{ ways: { step: number, frames: number[], waiting: number[] }[], memory: { small: number, large: number, neighbour: number } }} */
  const { ways, memory } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { step, frames, waiting } of ways) {
    const over = frames.filter((each) => each > GOAL.frame).length;
    const unfilled = waiting.filter((rows) => rows > 0).length / waiting.length;
    say(
      `${step} pixels a frame: ${frames.length} frames, median ${median(frames).toFixed(0)} ms, longest ${Math.max(...frames).toFixed(0)} ms, ${over} over ${GOAL.frame}; rows not filled yet in ${(unfilled * 100).toFixed(0)} % of them`,
    );
  }
  const mib = (/** @type {number} */ kib) => `${(kib / 1024).toFixed(0)} MiB`;
  say(
    `memory: ${mib(memory.large)} with 100,000, ${mib(memory.small)} with 1,000; KeePassXC with 100,000 ${mib(memory.neighbour)}`,
  );
  const longest = Math.max(...ways.flatMap(({ frames }) => frames));
  const neighbour = memory.large / memory.neighbour;
  const growth = memory.large / memory.small;
  return {
    figure: `longest frame ${longest.toFixed(0)} ms; memory ${neighbour.toFixed(2)}x KeePassXC, ${growth.toFixed(2)}x with 1,000`,
    goal: `${GOAL.frame} ms; ${GOAL.neighbour}x, ${GOAL.growth}x`,
    ok: longest <= GOAL.frame && neighbour <= GOAL.neighbour && growth <= GOAL.growth,
    details: { longest, neighbour, growth, memory, ways },
  };
}
