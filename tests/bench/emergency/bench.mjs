/**
 * How long 50 credentials with three consumers each take in an emergency that revokes first, at an issuer that answers
 * each call after 200 ms: from the start until the last old value was seen to be refused. Against the ideal, which is
 * the longest chain of calls: those that one credential needs up to that proof, as the sandbox counted them for a shell
 * script that does no others. And against that script for one credential after another (measured on a few and scaled),
 * as a person would have it. Beside it, when every consumer had its new value.
 */

import { join } from 'node:path';
import { say } from '../../../scripts/lib/say.mjs';
import { atSandbox, byHand, seconds, withProgram } from '../rotate/sandbox.mjs';
import { median, numbers } from '../unlock/neighbour.mjs';

const GOAL = { ideal: 1.5, serial: 30 };
const CREDENTIALS = 50;
const LATENCY_MS = 200;
const TURNS = 3;
/** With so many the script is measured. */
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
  const loop = await atSandbox(program, { ...seed, rotated: SAMPLE }, (address) =>
    byHand(SCRIPT, token, address, SAMPLE, 1),
  );
  const chain = loop.calls / SAMPLE;
  const idealMs = chain * LATENCY_MS;
  const serialMs = (loop.took / SAMPLE) * CREDENTIALS;
  say(
    `${chain} calls up to the proof: ideal ${seconds(idealMs)}; curl one after another ${seconds(serialMs)} (${SAMPLE} of ${CREDENTIALS}, scaled)`,
  );
  const turns = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const ours = await atSandbox(program, { ...seed, rotated: CREDENTIALS }, (address) => {
      const args = ['emergency', join(folder, `${turn}`), address, String(CREDENTIALS)];
      const [refused = NaN, restored = NaN] = numbers(program, args)[0] ?? [];
      return { refusedMs: refused * 1000, restoredMs: restored * 1000 };
    });
    const { refusedMs, restoredMs } = ours.took;
    say(`all refused after ${seconds(refusedMs)}, all restored after ${seconds(restoredMs)}`);
    turns.push({ refusedMs, restoredMs });
  }
  const refusedMs = median(turns.map((turn) => turn.refusedMs));
  const ideal = refusedMs / idealMs;
  const serial = serialMs / refusedMs;
  return {
    figure: `${ideal.toFixed(2)}x the ideal, ${serial.toFixed(0)} times faster than curl one after another (${SAMPLE} of ${CREDENTIALS}, scaled)`,
    goal: `${GOAL.ideal}x, ${GOAL.serial} times`,
    ok: ideal <= GOAL.ideal && serial >= GOAL.serial,
    details: { ideal, serial, chain, turns, serialMs },
  };
}
