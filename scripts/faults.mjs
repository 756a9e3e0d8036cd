/** `npm run faults -- [--schedules N] [--seed S] [--only SEED]`: rotations that are killed and that fail. */

import { join } from 'node:path';
import { handOver } from './lib/run.mjs';
import { command } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';
import { forRust } from './lib/system.mjs';
import { buildTestPrograms } from './lib/test-programs.mjs';

await command(async () => {
  await setUp(forRust);
  const programs = await buildTestPrograms('keyturn-engine', '--features', 'faults');
  return handOver(join(programs, 'faults'), process.argv.slice(2));
});
