/** The timeline of 10,000 credentials in the real window: how soon it is there, and how long its frames are. */

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
} from '../../../scripts/lib/system.mjs';
import { buildTestPrograms } from '../../../scripts/lib/test-programs.mjs';
import { median, numbers } from '../unlock/neighbour.mjs';

const GOAL = { first: 200, frame: 25 };

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function timeline() {
  await setUp([...forRust, ...forTheApp, ...forAVirtualDisplay, ...forTheTests]);
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
  say('making a vault with 10,000 credentials');
  const vault = join(folder, 'vault');
  numbers(program, ['build', vault, '10000']);

  const report = join(folder, 'report.json');
  const env = { KEYTURN_APP: app, KEYTURN_BENCH: JSON.stringify({ vault, report }) };
  await run(npmProgram('vitest'), ['run', '--project', 'bench', 'timeline'], { env });
  /** @type {{ first: number[], ways: { what: string, frames: number[] }[] }} */
  const { first, ways } = JSON.parse(readFileSync(report, 'utf8'));
  const picture = median(first);
  say(`first picture: ${first.map((each) => each.toFixed(0)).join(', ')} ms`);
  for (const { what, frames } of ways) {
    say(
      `${what}: ${frames.length} frames, median ${median(frames).toFixed(0)} ms, longest ${Math.max(...frames).toFixed(0)} ms`,
    );
  }
  const frame = Math.max(...ways.map(({ frames }) => median(frames)));
  return {
    figure: `first picture ${picture.toFixed(0)} ms, median frame ${frame.toFixed(0)} ms at most`,
    goal: `${GOAL.first} ms, ${GOAL.frame} ms`,
    ok: picture <= GOAL.first && frame <= GOAL.frame,
    details: { picture, frame, first, ways },
  };
}
