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

const GOAL = { painted: 50, database: 16, raw: 1.3, neighbour: 0.005, oneLetter: 1 };
/** Queries, one of each sort, that the neighbour is asked too. */
const ASKED = 5;

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

  const queries = spawnSync(program, ['queries'], { encoding: 'utf8' }).stdout.trim().split('\n');
  const turns = numbers(program, ['turns', place('vault')]).map(
    ([query = NaN, length = NaN, own = NaN, hand = NaN]) => ({ query, length, own, hand }),
  );
  const held = turns.filter(({ hand }) => !Number.isNaN(hand));
  const raw = median(held.map(({ own, hand }) => own / hand));
  const database = hundredth(turns.map(({ own }) => own));
  const letters = (/** @type {number} */ many) =>
    median(turns.filter(({ length }) => length === many).map(({ own }) => own));
  const [one, four] = [letters(1), letters(4)];
  const oneLetter = one / four;
  const mistyped = turns.filter(({ hand }) => Number.isNaN(hand)).map(({ own }) => own);
  say(
    `the search ${median(turns.map(({ own }) => own)).toFixed(2)} ms, by hand ${median(held.map(({ hand }) => hand)).toFixed(2)} ms (medians of ${turns.length} and ${held.length}); 99 in 100 below ${database.toFixed(1)} and ${hundredth(held.map(({ hand }) => hand)).toFixed(1)} ms; one letter ${one.toFixed(2)}, four ${four.toFixed(2)}, mistyped at most ${Math.max(...mistyped).toFixed(1)} ms`,
  );

  const asked = queries.slice(0, ASKED);
  const lines = asked.map((query) => `search ${query}`);
  const neighbourMs = await inSession(place('large.kdbx'), lines);
  const whole = asked.map(
    (text, at) => turns.find(({ query, length }) => query === at && length === text.length)?.own,
  );
  const neighbour = median(whole.map((own = NaN, at) => own / (neighbourMs[at] ?? NaN)));
  say(
    `keepassxc-cli, unlocked: ${asked.map((query, at) => `“${query}” ${neighbourMs[at]?.toFixed(0)} ms, here ${whole[at]?.toFixed(2)}`).join('; ')}`,
  );

  const report = place('painted.json');
  const env = {
    KEYTURN_APP: app,
    KEYTURN_BENCH: JSON.stringify({ vault: place('vault'), report, queries }),
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
    figure: `${paintedMs.toFixed(0)} ms painted, ${database.toFixed(1)} ms database (99 in 100); ${raw.toFixed(2)}x by hand, ${neighbour.toFixed(5)}x keepassxc-cli; one letter ${oneLetter.toFixed(2)}x four`,
    goal: `${GOAL.painted} ms, ${GOAL.database} ms; ${GOAL.raw}x, ${GOAL.neighbour}x; ${GOAL.oneLetter}x`,
    ok:
      paintedMs <= GOAL.painted &&
      database <= GOAL.database &&
      raw <= GOAL.raw &&
      neighbour <= GOAL.neighbour &&
      oneLetter <= GOAL.oneLetter,
    details: { paintedMs, database, raw, neighbour, neighbourMs, oneLetter, keys },
  };
}

/** @param {number[]} figures */
const hundredth = (figures) =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length * 0.99)] ?? NaN;
