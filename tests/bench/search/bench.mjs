/**
 * A search as it is typed among 100,000 credentials: from the key press to the painted rows in the
 * real window; what of it the database takes, against the ranked query of the same index by hand; and
 * against the same search in a session of keepassxc-cli that is unlocked already.
 */

import { spawnSync } from 'node:child_process';
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
import { inSession, median, numbers } from '../unlock/neighbour.mjs';

const GOAL = { painted: 50, database: 16, raw: 1.3, neighbour: 0.005 };

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function search() {
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
  say('making a vault and a KDBX with 100,000 credentials');
  numbers(program, ['build', place('vault'), '100000']);
  numbers(program, ['kdbx', place('large.kdbx'), '100000']);

  const turns = numbers(program, ['turns', place('vault')]);
  const column = (/** @type {number} */ at) => turns.map((turn) => turn[at] ?? NaN);
  const raw = median(turns.map(([, own = NaN, hand = NaN]) => own / hand));
  const database = hundredth(column(1));
  const oneLetter = median(turns.filter(([length]) => length === 1).map((turn) => turn[1] ?? NaN));
  const fourLetters = median(
    turns.filter(([length]) => length === 4).map((turn) => turn[1] ?? NaN),
  );
  say(
    `the search ${median(column(1)).toFixed(2)} ms, by hand ${median(column(2)).toFixed(2)} ms (medians of ${turns.length}); 99 in 100 below ${database.toFixed(1)} and ${hundredth(column(2)).toFixed(1)} ms; one letter ${oneLetter.toFixed(2)}, four ${fourLetters.toFixed(2)} ms`,
  );

  const neighbourMs = median(await inSession(place('large.kdbx'), 'search gateway', 3));
  const neighbour = median(column(1)) / neighbourMs;
  say(`keepassxc-cli, unlocked: ${neighbourMs.toFixed(0)} ms a search`);

  const report = place('painted.json');
  const typed = spawnSync(program, ['queries'], { encoding: 'utf8' }).stdout.trim();
  const env = {
    KEYTURN_APP: app,
    KEYTURN_BENCH: JSON.stringify({ vault: place('vault'), report, queries: typed.split('\n') }),
  };
  await run(npmProgram('vitest'), ['run', '--project', 'bench', 'search'], { env });
  /** @type {[number, string][]} each with what stood in the field */
  const keys = JSON.parse(readFileSync(report, 'utf8'));
  const painted = keys.map(([took]) => took);
  const paintedMs = hundredth(painted);
  say(
    `from the key press to the painted rows: ${median(painted).toFixed(1)} ms (median of ${painted.length}), 99 in 100 below ${paintedMs.toFixed(1)} ms`,
  );
  return {
    figure: `${paintedMs.toFixed(0)} ms painted, ${database.toFixed(1)} ms database (99 in 100); ${raw.toFixed(2)}x by hand, ${neighbour.toFixed(5)}x keepassxc-cli`,
    goal: `${GOAL.painted} ms, ${GOAL.database} ms; ${GOAL.raw}x, ${GOAL.neighbour}x`,
    ok:
      paintedMs <= GOAL.painted &&
      database <= GOAL.database &&
      raw <= GOAL.raw &&
      neighbour <= GOAL.neighbour,
    details: { paintedMs, database, raw, neighbour, neighbourMs, oneLetter, fourLetters, keys },
  };
}

/** @param {number[]} figures */
const hundredth = (figures) =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length * 0.99)] ?? NaN;
