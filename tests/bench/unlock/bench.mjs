/**
 * How long it takes from a passphrase to the first hundred of 100,000 credentials in the list:
 * against the key derivation alone (in one process, in turns), and against keepassxc-cli opening as
 * many entries with an Argon2 of the same cost (both from the start of the process to the first word
 * of the list, in turns).
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '../../../scripts/lib/say.mjs';
import { setUp } from '../../../scripts/lib/setup.mjs';
import { forRust, neighbours } from '../../../scripts/lib/system.mjs';
import { buildTestPrograms } from '../../../scripts/lib/test-programs.mjs';
import { derivationOf, median, numbers, untilItsFirstWord } from './neighbour.mjs';

const GOAL = { derivation: 1.15, large: 0.015, small: 0.4, shortestMs: 500, longestMs: 1000 };
const PAIRS = 11;
const OPENINGS = { large: 3, small: 11 };

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function unlock() {
  await setUp([...forRust, ...neighbours]);
  const program = join(await buildTestPrograms(), 'bench-unlock');
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
  const place = (/** @type {string} */ name) => join(folder, name);
  const ours = (/** @type {string[]} */ ...args) => numbers(program, args);
  const [[memoryKib = 0, passes = 0, lanes = 0, derivationMs = 0] = []] = ours('calibrate');
  const cost = `${memoryKib / 1024} MiB, ${passes} passes, ${lanes} lanes`;
  say(`the default here: Argon2id with ${cost}, which takes ${derivationMs} ms`);

  say('making a vault and a KDBX with 100,000 credentials, and with 1,000');
  for (const [name, number] of Object.entries({ large: '100000', small: '1000' })) {
    ours('build', place(name), number);
    ours('kdbx', place(`${name}.kdbx`), number);
  }
  const pairs = ours('pairs', place('large'), String(PAIRS));
  const derivation = median(pairs.map(([alone = NaN, all = NaN]) => all / alone));
  const [aloneMs, allMs] = [0, 1].map((at) => median(pairs.map((pair) => pair[at] ?? NaN)));
  say(`derivation alone ${aloneMs?.toFixed(0)} ms, all ${allMs?.toFixed(0)} ms (medians)`);

  say(
    `keepassxc-cli derives by ${derivationOf(place('large.kdbx'))}; so does the vault from here on`,
  );
  /** @type {{ ratio: number, own: number, other: number }[]} */
  const sizes = [];
  for (const size of /** @type {const} */ (['large', 'small'])) {
    ours('floor', place(size));
    /** @type {number[][]} */
    const turns = [];
    for (let turn = 0; turn < OPENINGS[size]; turn += 1) {
      const both = [
        () => untilItsFirstWord(program, ['open', place(size)]),
        () => untilItsFirstWord('keepassxc-cli', ['ls', '-q', place(`${size}.kdbx`)]),
      ];
      // Who goes first changes from turn to turn.
      const order = turn % 2 === 0 ? [0, 1] : [1, 0];
      const took = [NaN, NaN];
      for (const which of order) took[which] = both[which]?.() ?? NaN;
      turns.push(took);
    }
    const ratio = median(turns.map(([own = NaN, other = NaN]) => own / other));
    const [own = NaN, other = NaN] = [0, 1].map((at) =>
      median(turns.map((turn) => turn[at] ?? NaN)),
    );
    say(`${size}: ours ${own.toFixed(0)} ms, keepassxc-cli ${other.toFixed(0)} ms`);
    sizes.push({ ratio, own, other });
  }
  const [large, small] = sizes;
  const inRange = derivationMs >= GOAL.shortestMs && derivationMs <= GOAL.longestMs;
  return {
    figure: `${derivation.toFixed(3)}x the derivation, ${large?.ratio.toFixed(4)}x keepassxc-cli, ${small?.ratio.toFixed(3)}x at 1,000; default ${derivationMs.toFixed(0)} ms`,
    goal: `${GOAL.derivation}x, ${GOAL.large}x, ${GOAL.small}x; ${GOAL.shortestMs} to ${GOAL.longestMs} ms`,
    ok:
      derivation <= GOAL.derivation &&
      (large?.ratio ?? NaN) <= GOAL.large &&
      (small?.ratio ?? NaN) <= GOAL.small &&
      inRange,
    details: { cost: { memoryKib, passes, lanes, derivationMs }, derivation, large, small, pairs },
  };
}
