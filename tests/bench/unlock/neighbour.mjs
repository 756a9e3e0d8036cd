/** KeePassXC on the command line: what a person without Keyturn would have. */

import { spawnSync } from 'node:child_process';
import { Failure } from '../../../scripts/lib/say.mjs';

const PASSPHRASE = 'fixture passphrase of nobody';

/**
 * @param {string[]} args
 * @returns {string}
 */
export function keepassxc(args) {
  const ran = spawnSync('keepassxc-cli', args, {
    input: `${PASSPHRASE}\n`,
    encoding: 'utf8',
    env: { ...process.env, QT_QPA_PLATFORM: 'offscreen', LC_ALL: 'C' },
  });
  if (ran.status === 0) return ran.stdout;
  const words = `${ran.error?.message ?? ''}${ran.stderr ?? ''}`.trim();
  throw new Failure(`keepassxc-cli ${args[0]} failed: ${words}`, 'Run it by hand.');
}

/** @param {string} file */
export function derivationOf(file) {
  return /^KDF: (.*)$/m.exec(keepassxc(['db-info', '-q', file]))?.[1] ?? 'unknown';
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
