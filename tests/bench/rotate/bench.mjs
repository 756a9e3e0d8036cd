/**
 * How long 500 rotations take at an issuer that answers each call after 200 ms and bears 64 at once: from the first
 * begun to the last one done, each step durable in a real vault. Against the ideal, which is the calls that the sandbox
 * counted, one beside the other without a gap; and against a shell loop that does the same calls of the same sandbox
 * with curl, by `xargs -P 64` and one after another (measured on a few and scaled). The loop keeps nothing on disk.
 * And how long it takes until a rotation that one of three consumers refuses is undone, with all three seen to be well.
 */

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure, say } from '../../../scripts/lib/say.mjs';
import { setUp } from '../../../scripts/lib/setup.mjs';
import { forRust, forScripts } from '../../../scripts/lib/system.mjs';
import { buildTestPrograms } from '../../../scripts/lib/test-programs.mjs';
import { median, numbers, timed } from '../unlock/neighbour.mjs';

const GOAL = { ideal: 1.05, parallel: 0.75, serial: 60, undoS: 10 };
const CONSUMERS = 3;
const CREDENTIALS = 500;
const LATENCY_MS = 200;
const AT_ONCE = 64;
const TURNS = 3;
/** So many credentials are rotated one after another. */
const SAMPLE = 6;
const TOKEN = 'fixture-token';

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function rotate() {
  await setUp([...forRust, ...forScripts]);
  const programs = await buildTestPrograms('keyturn-app', '--features', 'rotate');
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    return await measure(join(programs, 'bench-rotate'), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} program
 * @param {string} folder
 */
async function measure(program, folder) {
  const token = join(folder, 'token');
  writeFileSync(token, `authorization: Bearer ${TOKEN}\n`, { mode: 0o600 });
  const turns = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const ours = await atSandbox(program, CREDENTIALS, (address) => {
      const args = ['rotate', join(folder, `${turn}`), address, String(CREDENTIALS)];
      return (numbers(program, args)[0]?.[0] ?? NaN) * 1000;
    });
    const loop = await atSandbox(program, CREDENTIALS, (address) =>
      byHand(token, address, CREDENTIALS, AT_ONCE),
    );
    const ideal = (ours.calls * LATENCY_MS) / AT_ONCE;
    say(
      `${ours.calls} calls: ideal ${seconds(ideal)}, ours ${seconds(ours.tookMs)}; curl at ${AT_ONCE} ${seconds(loop.tookMs)} for ${loop.calls}`,
    );
    turns.push({
      oursMs: ours.tookMs,
      curlMs: loop.tookMs,
      ideal: ours.tookMs / ideal,
      parallel: ours.tookMs / loop.tookMs,
    });
  }
  const sample = await atSandbox(program, SAMPLE, (address) => byHand(token, address, SAMPLE, 1));
  const serialMs = (sample.tookMs / SAMPLE) * CREDENTIALS;
  say(
    `curl one after another: ${seconds(sample.tookMs)} for ${SAMPLE}, so ${seconds(serialMs)} for ${CREDENTIALS}`,
  );
  const [undoS = NaN, well] = numbers(program, ['undo', join(folder, 'undo')])[0] ?? [];
  const undone = undoS <= GOAL.undoS && well === CONSUMERS;
  say(
    `undo: ${undoS.toFixed(1)} s of ${GOAL.undoS} s, ${well} of ${CONSUMERS} consumers well ${undone ? 'ok' : 'short'}`,
  );
  const ideal = median(turns.map((turn) => turn.ideal));
  const parallel = median(turns.map((turn) => turn.parallel));
  const serial = serialMs / median(turns.map((turn) => turn.oursMs));
  return {
    figure: `${ideal.toFixed(3)}x the ideal, ${parallel.toFixed(2)}x curl at ${AT_ONCE}, ${serial.toFixed(0)} times faster than curl one after another (${SAMPLE} of ${CREDENTIALS}, scaled), a failed one undone in ${undoS.toFixed(1)} s`,
    goal: `${GOAL.ideal}x, ${GOAL.parallel}x, ${GOAL.serial} times, ${GOAL.undoS} s`,
    ok: ideal <= GOAL.ideal && parallel <= GOAL.parallel && serial >= GOAL.serial && undone,
    details: { ideal, parallel, serial, turns, serialMs, undoS },
  };
}

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

/**
 * Does something at a sandbox of its own, in whose place only new keys must be afterwards.
 *
 * @param {string} program
 * @param {number} keys
 * @param {(address: string) => number} work gives milliseconds
 */
async function atSandbox(program, keys, work) {
  const sandbox = spawn(program, ['sandbox', String(CREDENTIALS), String(LATENCY_MS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: sandbox.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  try {
    const address = await next();
    const tookMs = work(address);
    sandbox.stdin.write('how many calls\n');
    const calls = Number(await next());
    await checkKeys(address, keys);
    return { tookMs, calls };
  } finally {
    sandbox.stdin.end();
  }
}

/**
 * @param {string} address
 * @param {number} rotated
 */
async function checkKeys(address, rotated) {
  const answer = await fetch(`${address}/keys`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const { keys } = /** @type {{ keys: { name: string, active: boolean }[] }} */ (
    await answer.json()
  );
  const fresh = keys.filter((key) => key.active && key.name !== 'by hand').length;
  if (keys.length === CREDENTIALS && fresh === rotated) return;
  throw new Failure(
    `The sandbox has ${keys.length} keys, and ${fresh} new ones, after ${rotated} rotations.`,
    'Run the bench again; when it stays so, a rotation does not do what it says.',
  );
}

/**
 * @param {string} token
 * @param {string} address
 * @param {number} number
 * @param {number} atOnce
 * @returns {number} milliseconds
 */
function byHand(token, address, number, atOnce) {
  const six = (/** @type {number} */ at) => String(at).padStart(6, '0');
  const input = Array.from(
    { length: number },
    (_, at) => `key_${six(at)} sandbox_fixture_${six(at)}\n`,
  );
  const script = fileURLToPath(new URL('by_hand.sh', import.meta.url));
  const args = ['-P', String(atOnce), '-n', '2', 'bash', script, address];
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
