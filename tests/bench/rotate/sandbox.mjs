/** A sandbox in a process of its own, and a shell loop that does at it what Keyturn does. */

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../../scripts/lib/say.mjs';
import { setUp } from '../../../scripts/lib/setup.mjs';
import { forRust, forScripts } from '../../../scripts/lib/system.mjs';
import { buildTestPrograms } from '../../../scripts/lib/test-programs.mjs';
import { timed } from '../unlock/neighbour.mjs';

const TOKEN = 'fixture-token';

/**
 * Builds the program that rotates, and has it measured in a folder that is gone afterwards.
 *
 * @template T
 * @param {(program: string, folder: string, token: string) => Promise<T>} measure
 * @returns {Promise<T>}
 */
export async function withProgram(measure) {
  await setUp([...forRust, ...forScripts]);
  const programs = await buildTestPrograms('keyturn-app');
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  const token = join(folder, 'token');
  try {
    writeFileSync(token, `authorization: Bearer ${TOKEN}\n`, { mode: 0o600 });
    return await measure(join(programs, 'bench-rotate'), folder, token);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

/**
 * What a sandbox has at first, how late it answers, and how many of its keys are new afterwards.
 *
 * @typedef {{ keys: number, latencyMs: number, rotated: number }} Seed
 */

/**
 * Does something at a sandbox of its own, in whose place only new keys must be afterwards.
 *
 * @template T
 * @param {string} program
 * @param {Seed} seed
 * @param {(address: string) => T} work
 */
export async function atSandbox(program, { keys, latencyMs, rotated }, work) {
  const sandbox = spawn(program, ['sandbox', String(keys), String(latencyMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: sandbox.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  try {
    const address = await next();
    const took = work(address);
    sandbox.stdin.write('how many calls\n');
    const calls = Number(await next());
    await checkKeys(address, keys, rotated);
    return { took, calls };
  } finally {
    sandbox.stdin.end();
  }
}

/**
 * @param {string} address
 * @param {number} number
 * @param {number} rotated
 */
async function checkKeys(address, number, rotated) {
  const answer = await fetch(`${address}/keys`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const { keys } = /** @type {{ keys: { name: string, active: boolean }[] }} */ (
    await answer.json()
  );
  const fresh = keys.filter((key) => key.active && key.name !== 'by hand').length;
  if (keys.length === number && fresh === rotated) return;
  throw new Failure(
    `The sandbox has ${keys.length} keys, and ${fresh} new ones, after ${rotated} rotations.`,
    'Run the bench again; when it stays so, a rotation does not do what it says.',
  );
}

/**
 * Does it with a shell script, for so many keys at once.
 *
 * @param {URL} script
 * @param {string} token
 * @param {string} address
 * @param {number} number
 * @param {number} atOnce
 * @returns {number} milliseconds
 */
export function byHand(script, token, address, number, atOnce) {
  const six = (/** @type {number} */ at) => String(at).padStart(6, '0');
  const input = Array.from(
    { length: number },
    (_, at) => `key_${six(at)} sandbox_fixture_${six(at)}\n`,
  );
  const args = ['-P', String(atOnce), '-n', '2', 'bash', fileURLToPath(script), address];
  return timed(() => {
    const ran = spawnSync('xargs', args, {
      input: input.join(''),
      encoding: 'utf8',
      env: { ...process.env, TOKEN: token, LC_ALL: 'C' },
      maxBuffer: 1 << 26,
    });
    if (ran.status !== 0)
      throw new Failure(`The loop with curl failed: ${ran.stderr}`, 'Run it by hand.');
  });
}
