/**
 * What the app takes while its window is closed: processor and memory for ten minutes with 10,000
 * credentials, against KeePassXC with as many entries open beside it; and how soon the window is
 * painted when it is opened again, against the smallest window of WebKitGTK.
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
import { compile } from '../start/bench.mjs';
import { PASSPHRASE, median, numbers } from '../unlock/neighbour.mjs';

const GOAL = { processor: 0.1, memory: 1, paint: 1.3 };
const MINUTES = 10;

/**
 * @typedef {object} Report
 * @property {{ appMs: number, bareMs: number }[]} opened
 * @property {{ processorMs: number, memory: number, processes: string[] }} app
 * @property {{ processorMs: number, memory: number }} neighbour
 */

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function idle() {
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
  say('making a vault with 10,000 credentials, and a KDBX with 10,000');
  numbers(program, ['build', place('vault'), '10000']);
  numbers(program, ['kdbx', place('large.kdbx'), '10000']);

  const handed = {
    vault: place('vault'),
    kdbx: place('large.kdbx'),
    passphrase: PASSPHRASE,
    watch: compile('watch'),
    bare: compile('bare'),
    app,
    minutes: MINUTES,
    report: place('report.json'),
  };
  const env = { KEYTURN_APP: app, KEYTURN_BENCH: JSON.stringify(handed) };
  await run(npmProgram('vitest'), ['run', '--project', 'bench', 'idle'], { env });

  const found = /** @type {Report} */ (JSON.parse(readFileSync(handed.report, 'utf8')));
  const { opened } = found;
  const share = (/** @type {number} */ ms) => ms / (MINUTES * 600);
  const mib = (/** @type {number} */ kib) => `${(kib / 1024).toFixed(0)} MiB`;
  say(
    `app: ${share(found.app.processorMs).toFixed(3)} % of a core, ${mib(found.app.memory)} (${found.app.processes.join(', ')})`,
  );
  say(
    `KeePassXC: ${share(found.neighbour.processorMs).toFixed(3)} % of a core, ${mib(found.neighbour.memory)}`,
  );
  const ms = (/** @type {'appMs' | 'bareMs'} */ which) =>
    median(opened.map((pair) => pair[which])).toFixed(0);
  say(`opened again in ${ms('appMs')} ms, the smallest window in ${ms('bareMs')} ms`);

  const processor = share(found.app.processorMs);
  const memory = found.app.memory / found.neighbour.memory;
  const paint = median(opened.map(({ appMs, bareMs }) => appMs / bareMs));
  return {
    figure: `${processor.toFixed(3)} % of a core, memory ${memory.toFixed(2)}x KeePassXC, opened again ${paint.toFixed(2)}x the smallest window`,
    goal: `${GOAL.processor} %, ${GOAL.memory}x, ${GOAL.paint}x`,
    ok: processor < GOAL.processor && memory <= GOAL.memory && paint <= GOAL.paint,
    details: { processor, memory, paint, ...found },
  };
}
