/** The parts of `npm test`: each timed, each counted, none able to stop the others. */

import { Failure, say } from './say.mjs';

/** @typedef {import('./counts.mjs').Counts} Counts */

export class Parts {
  /** @type {{ name: string, counts: Counts, seconds: number }[]} */
  #done = [];
  #since = performance.now();

  /**
   * @param {string} name
   * @param {() => Promise<Counts>} body
   * @returns {Promise<boolean>} whether nothing failed
   */
  async run(name, body) {
    say(`\n== ${name}`);
    return this.beside(name, body);
  }

  /**
   * One that goes on beside the others.
   *
   * @param {string} name
   * @param {() => Promise<Counts>} body
   * @returns {Promise<boolean>} whether nothing failed
   */
  async beside(name, body) {
    const since = performance.now();
    const counts = await body().catch(asFailure);
    this.#done.push({ name, counts, seconds: (performance.now() - since) / 1000 });
    return counts.failed === 0;
  }

  /** The table of the times, then the line that counts. @returns {number} the exit code */
  finish() {
    say('');
    for (const { name, counts, seconds } of this.#done) {
      const figures = `${counts.passed} passed, ${counts.failed} failed`;
      say(`${name.padEnd(16)} ${seconds.toFixed(1).padStart(7)} s   ${figures}`);
    }
    const minutes = ((performance.now() - this.#since) / 60_000).toFixed(1);
    say(`all of it        ${minutes.padStart(7)} min`);
    const sum = (/** @type {keyof Counts} */ key) =>
      this.#done.reduce((total, { counts }) => total + counts[key], 0);
    say(`${sum('passed')} passed, ${sum('failed')} failed`);
    return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
  }
}

/** @param {unknown} error */
function asFailure(error) {
  say(error instanceof Failure ? error.message : String(/** @type {Error} */ (error).stack));
  return { passed: 0, failed: 1 };
}
