/** Builds the programs of the test kit: what kills, what measures. */

import { join } from 'node:path';
import { sayWhenOffline } from './cargo.mjs';
import { target } from './places.mjs';
import { run } from './run.mjs';
import { Failure } from './say.mjs';

/**
 * @param {string} crate whose programs
 * @param {string[]} more that cargo is told
 * @returns {Promise<string>} the folder that they are in
 */
export async function buildTestPrograms(crate = 'keyturn-testkit', ...more) {
  const args = ['build', '--release', '--locked', '-p', crate, '--bins', ...more];
  const { code } = sayWhenOffline(await run('cargo', args, { show: true }));
  if (code === 0) return join(target, 'release');
  throw new Failure(
    'The programs of the tests could not be built; the words of the compiler are above.',
    'Set right what they name, then run the command again.',
  );
}
