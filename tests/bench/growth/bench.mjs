/**
 * How what people do in the inventory grows from 1,000 to 100,000 credentials: a save, a search for
 * a rare word, and what is due within 90 days, its first hundred rows read, which is held against the
 * query of an index that covers it, by hand and on the same file.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '../../../scripts/lib/say.mjs';
import { setUp } from '../../../scripts/lib/setup.mjs';
import { forRust } from '../../../scripts/lib/system.mjs';
import { buildTestPrograms } from '../../../scripts/lib/test-programs.mjs';
import { median, numbers } from '../unlock/neighbour.mjs';

const GOAL = { save: 2, search: 6, expiry: 1.5 };
const SIZES = [1_000, 10_000, 100_000];
const TURNS = 101;
const COLUMNS = /** @type {const} */ (['list', 'search', 'save', 'expiry', 'covering']);

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function growth() {
  await setUp(forRust);
  const program = join(await buildTestPrograms(), 'bench-growth');
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    return measure(program, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} program
 * @param {string} folder
 */
function measure(program, folder) {
  const found = SIZES.map((size) => {
    const place = join(folder, String(size));
    numbers(program, ['build', place, String(size)]);
    const [[open = NaN] = [], ...turns] = numbers(program, ['turns', place, String(TURNS)]);
    const medians = COLUMNS.map((_, at) => median(turns.map((turn) => turn[at] ?? NaN)));
    const [list = NaN, search = NaN, save = NaN, expiry = NaN, covering = NaN] = medians;
    const against = median(turns.map((turn) => (turn[3] ?? NaN) / (turn[4] ?? NaN)));
    say(
      `${size.toLocaleString('en')}: open ${open.toFixed(0)} ms (with the derivation), list ${list.toFixed(3)}, rare word ${search.toFixed(3)}, save ${save.toFixed(3)}, due in 90 days ${expiry.toFixed(3)}, covering ${covering.toFixed(3)} ms (medians)`,
    );
    return { size, open, list, search, save, expiry, covering, against };
  });
  const [small, large] = [found[0], found.at(-1)];
  const ratio = (/** @type {'save' | 'search'} */ what) =>
    (large?.[what] ?? NaN) / (small?.[what] ?? NaN);
  const [save, search, expiry] = [ratio('save'), ratio('search'), large?.against ?? NaN];
  return {
    figure: `save ${save.toFixed(2)}x, rare word ${search.toFixed(2)}x from 1,000 to 100,000; due in 90 days ${expiry.toFixed(2)}x the covering query`,
    goal: `${GOAL.save}x, ${GOAL.search}x; ${GOAL.expiry}x`,
    ok: save <= GOAL.save && search <= GOAL.search && expiry <= GOAL.expiry,
    details: { sizes: found },
  };
}
