/**
 * A search of 1 GiB of source in 50,000 files for 10,000 values at once, against ripgrep's search of the same files
 * for one of them: both with the files in memory, in turns.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Failure, say } from '../../../scripts/lib/say.mjs';
import { setUp } from '../../../scripts/lib/setup.mjs';
import { forRust, neighbours } from '../../../scripts/lib/system.mjs';
import { buildTestPrograms } from '../../../scripts/lib/test-programs.mjs';
import { median, numbers } from '../unlock/neighbour.mjs';

const GOAL = { speed: 0.5, memory: 300 };
const FILES = 50_000;
const BYTES = 1024 ** 3;
const VALUES = 10_000;
/** One file in so many holds a value that is looked for. */
const HOLDING = 500;
const TURNS = 9;

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function discover() {
  await setUp([...forRust, ...neighbours]);
  const programs = await buildTestPrograms('keyturn-discovery', '--features', 'bench');
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    return measure(join(programs, 'bench-discover'), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} program
 * @param {string} folder
 */
function measure(program, folder) {
  say(`writing ${FILES.toLocaleString('en')} files with 1 GiB of source`);
  numbers(program, ['build', folder, `${FILES}`, `${Math.ceil(BYTES / FILES)}`]);
  const [literal = ''] = spawnSync(program, ['value', '0'], { encoding: 'utf8' }).stdout.split(
    '\n',
  );

  // Writing them to the disk goes on for a while, and would be measured too.
  spawnSync('sync', ['--file-system', folder]);

  /** @type {number[]} */
  const memory = [];
  const own = () => {
    const begun = performance.now();
    const [[found, files, bytes = 0, kib = NaN] = []] = numbers(program, [
      'search',
      folder,
      `${VALUES}`,
    ]);
    const took = performance.now() - begun;
    // Each value that is looked for stands in one file.
    if (found !== VALUES / HOLDING || files !== FILES || bytes < BYTES) {
      throw new Failure(`The search found ${found} values in ${files} files.`, 'Run it again.');
    }
    memory.push(kib / 1024);
    return took;
  };
  const ripgrep = () => {
    const begun = performance.now();
    const args = ['--no-config', '-uu', '--fixed-strings', '--count', literal, folder];
    const { stdout } = spawnSync('rg', args, { encoding: 'utf8' });
    const took = performance.now() - begun;
    if (stdout.trim().split('\n').length !== 1 || stdout === '') {
      throw new Failure('ripgrep did not find the value.', 'Run it again.');
    }
    return took;
  };

  own();
  ripgrep();
  const turns = Array.from({ length: TURNS }, () => ({ own: own(), ripgrep: ripgrep() }));
  const ownMs = median(turns.map((turn) => turn.own));
  const ripgrepMs = median(turns.map((turn) => turn.ripgrep));
  const speed = median(turns.map((turn) => turn.ripgrep / turn.own));
  const most = Math.max(...memory);
  say(
    `${VALUES.toLocaleString('en')} values ${ownMs.toFixed(0)} ms, ripgrep for one ${ripgrepMs.toFixed(0)} ms (medians of ${TURNS}); at most ${most.toFixed(0)} MiB`,
  );
  return {
    figure: `${speed.toFixed(2)}x the speed of ripgrep, ${most.toFixed(0)} MiB`,
    goal: `${GOAL.speed}x, ${GOAL.memory} MiB`,
    ok: speed >= GOAL.speed && most <= GOAL.memory,
    details: { speed, ownMs, ripgrepMs, memory: most, turns },
  };
}
