/** KeePassXC on the command line: what a person without Keyturn would have. */

import { spawn, spawnSync } from 'node:child_process';
import { Failure } from '../../../scripts/lib/say.mjs';

export const PASSPHRASE = 'fixture passphrase of nobody';
const environment = () => ({ ...process.env, QT_QPA_PLATFORM: 'offscreen', LC_ALL: 'C' });

/**
 * @param {string[]} args
 * @returns {string}
 */
export function keepassxc(args) {
  const ran = spawnSync('keepassxc-cli', args, {
    input: `${PASSPHRASE}\n`,
    encoding: 'utf8',
    env: environment(),
  });
  if (ran.status === 0) return ran.stdout;
  const words = `${ran.error?.message ?? ''}${ran.stderr ?? ''}`.trim();
  throw new Failure(`keepassxc-cli ${args[0]} failed: ${words}`, 'Run it by hand.');
}

/** @param {string} file */
export function derivationOf(file) {
  return /^KDF: (.*)$/m.exec(keepassxc(['db-info', '-q', file]))?.[1] ?? 'unknown';
}

/** Prints when a program started and when it said its first word; what it says later is not for us. */
const FIRST_WORD = `set -o pipefail; began=$EPOCHREALTIME
"$0" "$@" | { IFS= read -r word; echo "$began $EPOCHREALTIME"; cat > /dev/null; }`;

/**
 * How long it takes from the start of a program, with the passphrase waiting for it, to its first
 * word: what comes after, such as closing, nobody waits for. By a shell, which adds a millisecond.
 *
 * @param {string} program
 * @param {string[]} args
 * @returns {number} milliseconds
 */
export function untilItsFirstWord(program, args) {
  const ran = spawnSync('bash', ['-c', FIRST_WORD, program, ...args], {
    input: `${PASSPHRASE}\n`,
    encoding: 'utf8',
    env: environment(),
  });
  const [began = NaN, spoke = NaN] = ran.stdout.split(' ').map(Number);
  if (ran.status === 0) return (spoke - began) * 1000;
  throw new Failure(`${program} ${args[0]} failed: ${ran.stderr.trim()}`, 'Run it by hand.');
}

/**
 * @param {() => void} work
 * @returns {number} milliseconds
 */
export function timed(work) {
  const since = performance.now();
  work();
  return performance.now() - since;
}

/** @param {number[]} figures */
export function median(figures) {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/**
 * The lines of numbers that a program of ours prints.
 *
 * @param {string} program
 * @param {string[]} args
 * @returns {number[][]}
 */
export function numbers(program, args) {
  const ran = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ran.status !== 0)
    throw new Failure(`${program} ${args[0]} failed: ${ran.stderr}`, 'Run it by hand.');
  const lines = ran.stdout.trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => line.split(' ').map(Number));
}

/**
 * How long each command takes in a session that is unlocked already, from prompt to prompt. It reads
 * the passphrase with whatever else is there, so each line waits for its prompt.
 *
 * @param {string} file
 * @param {string[]} lines
 * @returns {Promise<number[]>} milliseconds
 */
export async function inSession(file, lines) {
  const ran = spawn('keepassxc-cli', ['open', '-q', file], { env: environment() });
  let said = '';
  /** @type {() => void} */
  let heard = () => {};
  ran.stdout.setEncoding('utf8').on('data', (/** @type {string} */ more) => {
    said += more;
    if (said.endsWith('> ')) heard();
  });
  const prompt = (/** @type {string} */ words) =>
    new Promise((resolve, reject) => {
      said = '';
      heard = () => resolve(undefined);
      ran.once('exit', () => reject(new Failure('keepassxc-cli open ended.', 'Run it by hand.')));
      ran.stdin.write(`${words}\n`);
    });
  await prompt(PASSPHRASE);
  const took = [];
  for (const line of lines) {
    const since = performance.now();
    await prompt(line);
    took.push(performance.now() - since);
  }
  ran.removeAllListeners('exit');
  ran.stdin.end('quit\n');
  return took;
}
