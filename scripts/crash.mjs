/** `npm run crash -- vault|rotation [--kills N]`: kills writers, lets the disk fail, counts what was lost. */

import { join } from 'node:path';
import { buildTestPrograms } from './lib/test-programs.mjs';
import { handOver } from './lib/run.mjs';
import { command } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';
import { forRust } from './lib/system.mjs';

await command(async () => {
  await setUp(forRust);
  const programs = await buildTestPrograms('keyturn-crash');
  return handOver(join(programs, 'crash'), process.argv.slice(2));
});
