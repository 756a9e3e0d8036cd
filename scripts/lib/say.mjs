/**
 * What the commands say to the person in front of them. Every line goes through here, so that
 * `--json` can keep standard output for the JSON alone.
 */

let descriptor = 1;

/** From here on standard output is kept free: everything said goes to standard error. */
export function keepOutputFree() {
  descriptor = 2;
}

/** The descriptor that children write to as well. */
export const outputDescriptor = () => descriptor;

/** @param {string} line */
export function say(line) {
  (descriptor === 1 ? process.stdout : process.stderr).write(`${line}\n`);
}

/** @param {number} since a figure of `performance.now()` */
export const secondsSince = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Something outside this program stands in the way: what happened, and the next step. */
export class Failure extends Error {
  /**
   * @param {string} what
   * @param {string} next
   */
  constructor(what, next) {
    super(`${what}\n${next}`);
    this.name = 'Failure';
  }
}

/**
 * The frame of every command: a failure is said in plain words, a mistake of ours with its stack.
 *
 * @param {() => Promise<number | void>} body gives the exit code
 */
export async function command(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof Failure) process.stderr.write(`\n${error.message}\n`);
    else throw error;
  }
}
