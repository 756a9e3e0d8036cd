/** Starts other programs. Which ones, and what their failure means, is for the caller to say. */

import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { outputDescriptor, say } from './say.mjs';
import { root } from './places.mjs';

/**
 * @typedef {object} Ran
 * @property {number} code the exit code; 127 when the program is not there
 * @property {string} output what it wrote, standard error included, unless it was only shown
 * @property {string} stdout
 */

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ show?: boolean, beside?: boolean, env?: Record<string, string>, input?: 'inherit' | 'ignore' }} [how]
 *   `show` passes the output on while it comes; `beside` takes what time of the machine is left over
 * @returns {Promise<Ran>}
 */
export function run(program, args, how = {}) {
  const { show = false, beside = false, env = {}, input = 'inherit' } = how;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: [input, 'pipe', 'pipe'],
    });
    if (beside && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    let stdout = '';
    let output = '';
    const shown = outputDescriptor() === 1 ? process.stdout : process.stderr;
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text;
      output += text;
      if (show) shown.write(text);
    });
    child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
      if (show) process.stderr.write(text);
    });
    child.on('error', (error) => {
      resolve({ code: 127, output: `${program}: ${error.message}\n`, stdout: '' });
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output, stdout }));
  });
}

/**
 * The program has the terminal for itself; a question of sudo for a password reaches the person.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>} the exit code
 */
export function handOver(program, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['inherit', outputDescriptor(), 'inherit'],
    });
    child.on('error', (error) => {
      say(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/**
 * A child with a process group of its own, ended as a whole.
 *
 * @param {import('node:child_process').ChildProcess} child started with `detached`
 * @returns {Promise<void>}
 */
export async function endGroup(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const group = -child.pid;
  const ended = new Promise((resolve) => child.once('close', resolve));
  const killing = setTimeout(() => signal(group, 'SIGKILL'), 5000);
  signal(group, 'SIGTERM');
  await ended;
  clearTimeout(killing);
}

/**
 * @param {number} group
 * @param {NodeJS.Signals} name
 */
function signal(group, name) {
  try {
    process.kill(group, name);
  } catch {
    // It has ended by itself in the meantime.
  }
}
