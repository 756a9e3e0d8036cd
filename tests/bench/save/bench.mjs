/**
 * How long one durable change with its audit entry takes: against an append of 4 KiB with
 * `fdatasync` in the same loop, against one save of keepassxc-cli, and at 100,000 credentials
 * against 1,000.
 */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '../../../scripts/lib/say.mjs';
import { setUp } from '../../../scripts/lib/setup.mjs';
import { forRust, neighbours } from '../../../scripts/lib/system.mjs';
import { buildTestPrograms } from '../../../scripts/lib/test-programs.mjs';
import { derivationOf, keepassxc, median, numbers, timed } from '../unlock/neighbour.mjs';

const GOAL = { disk: 2.5, neighbour: 0.001, growth: 2 };
const TURNS = 1000;
const SAVES = 3;

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function save() {
  await setUp([...forRust, ...neighbours]);
  const program = join(await buildTestPrograms(), 'bench-save');
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
  say('making vaults with 1,000 and 100,000 credentials, and a KDBX with 100,000');
  numbers(program, ['build', place('small'), '1000']);
  numbers(program, ['build', place('large'), '100000']);
  numbers(program, ['kdbx', place('large.kdbx'), '100000']);

  const args = ['turns', place('small'), place('large'), place('append'), String(TURNS)];
  const turns = numbers(program, args);
  const column = (/** @type {number} */ at) => turns.map((turn) => turn[at] ?? NaN);
  const [floorMs, smallMs, largeMs] = /** @type {[number, number, number]} */ (
    [0, 1, 2].map((at) => median(column(at)))
  );
  // Neighbours in time are compared: the disk has its moods.
  const disk = largeMs / floorMs;
  const growth = largeMs / smallMs;
  say(
    `append and fdatasync ${floorMs.toFixed(3)} ms, a change at 1,000 ${smallMs.toFixed(3)} ms, at 100,000 ${largeMs.toFixed(3)} ms (medians); 99 in 100 below ${hundredth(column(0))}, ${hundredth(column(1))}, ${hundredth(column(2))} ms`,
  );

  say(`keepassxc-cli derives by ${derivationOf(place('large.kdbx'))}`);
  const opening = [];
  const adding = [];
  for (let turn = 0; turn < SAVES; turn += 1) {
    copyFileSync(place('large.kdbx'), place('turn.kdbx'));
    opening.push(timed(() => keepassxc(['ls', '-q', place('turn.kdbx')])));
    adding.push(timed(() => keepassxc(['add', '-q', place('turn.kdbx'), `all/new ${turn}`])));
  }
  // The command opens and saves; only the saving is compared.
  const savingMs = median(adding) - median(opening);
  say(
    `keepassxc-cli: ${(median(adding) / 1000).toFixed(2)} s, ${(savingMs / 1000).toFixed(2)} s of it for saving`,
  );
  const neighbour = largeMs / savingMs;
  return {
    figure: `${disk.toFixed(2)}x append and fdatasync, ${neighbour.toFixed(5)}x keepassxc-cli, ${growth.toFixed(2)}x from 1,000 to 100,000`,
    goal: `${GOAL.disk}x, ${GOAL.neighbour}x, ${GOAL.growth}x`,
    ok: disk <= GOAL.disk && neighbour <= GOAL.neighbour && growth <= GOAL.growth,
    details: { floorMs, smallMs, largeMs, savingMs, disk, growth, neighbour },
  };
}

/** @param {number[]} figures */
const hundredth = (figures) =>
  (figures.toSorted((a, b) => a - b)[Math.floor(figures.length * 0.99)] ?? NaN).toFixed(2);
