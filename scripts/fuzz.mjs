/** `npm run fuzz -- import [--runs N] [--seed S] [--format NAME]`: damaged files, read without harm. */

import { join } from 'node:path';
import { handOver } from './lib/run.mjs';
import { Failure, command } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';
import { forRust } from './lib/system.mjs';
import { buildTestPrograms } from './lib/test-programs.mjs';

await command(async () => {
  const [name = '', ...rest] = process.argv.slice(2);
  if (name !== 'import') {
    throw new Failure(
      name === '' ? 'What is fuzzed needs its name.' : `There is nothing called ${name} to fuzz.`,
      'There is: import. For example: npm run fuzz -- import',
    );
  }
  await setUp(forRust);
  const programs = await buildTestPrograms('keyturn-fuzz');
  return handOver(join(programs, 'fuzz-import'), rest);
});
