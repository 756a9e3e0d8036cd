/**
 * How long 500 rotations take at an issuer that answers each call after 200 ms and bears 64 at once: from the first
 * begun to the last one done, each step durable in a real vault. Against the ideal, which is the calls that the sandbox
 * counted, one beside the other without a gap; and against a shell loop that does the same calls of the same sandbox
 * with curl, by `xargs -P 64` and one after another (measured on a few and scaled). The loop keeps nothing on disk.
 * And how long it takes until a rotation that one of three consumers refuses is undone, with all three seen to be well.
 */

import { join } from 'node:path';
import { say } from '../../../scripts/lib/say.mjs';
import { median, numbers } from '../unlock/neighbour.mjs';
import { atSandbox, byHand, seconds, withProgram } from './sandbox.mjs';

const GOAL = { ideal: 1.05, parallel: 0.75, serial: 60, undoS: 10 };
const CONSUMERS = 3;
const CREDENTIALS = 500;
const LATENCY_MS = 200;
const AT_ONCE = 64;
const TURNS = 3;
/** So many credentials are rotated one after another. */
const SAMPLE = 6;

const SCRIPT = new URL('by_hand.sh', import.meta.url);

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default () => withProgram(measure);

/**
 * @param {string} program
 * @param {string} folder
 * @param {string} token
 */
async function measure(program, folder, token) {
  const seed = { keys: CREDENTIALS, latencyMs: LATENCY_MS };
  const turns = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const ours = await atSandbox(program, { ...seed, rotated: CREDENTIALS }, (address) => {
      const args = ['rotate', join(folder, `${turn}`), address, String(CREDENTIALS)];
      return (numbers(program, args)[0]?.[0] ?? NaN) * 1000;
    });
    const loop = await atSandbox(program, { ...seed, rotated: CREDENTIALS }, (address) =>
      byHand(SCRIPT, token, address, CREDENTIALS, AT_ONCE),
    );
    const ideal = (ours.calls * LATENCY_MS) / AT_ONCE;
    say(
      `${ours.calls} calls: ideal ${seconds(ideal)}, ours ${seconds(ours.took)}; curl at ${AT_ONCE} ${seconds(loop.took)} for ${loop.calls}`,
    );
    turns.push({
      oursMs: ours.took,
      curlMs: loop.took,
      ideal: ours.took / ideal,
      parallel: ours.took / loop.took,
    });
  }
  const sample = await atSandbox(program, { ...seed, rotated: SAMPLE }, (address) =>
    byHand(SCRIPT, token, address, SAMPLE, 1),
  );
  const serialMs = (sample.took / SAMPLE) * CREDENTIALS;
  say(
    `curl one after another: ${seconds(sample.took)} for ${SAMPLE}, so ${seconds(serialMs)} for ${CREDENTIALS}`,
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
