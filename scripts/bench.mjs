/** `npm run bench -- NAME [--json]`: compares a figure with its goal. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/places.mjs';
import { Failure, command, keepOutputFree } from './lib/say.mjs';

/**
 * What a bench (the default export of tests/bench/NAME/bench.mjs) finds out.
 *
 * @typedef {object} Finding
 * @property {string} figure
 * @property {string} goal
 * @property {boolean} ok
 * @property {object} details what `--json` gives besides
 */

await command(async () => {
  const json = process.argv.includes('--json');
  const name = process.argv.slice(2).find((each) => !each.startsWith('-')) ?? '';
  const folder = join(root, 'tests', 'bench');
  const benches = readdirSync(folder).filter((each) => existsSync(join(folder, each, 'bench.mjs')));
  if (!benches.includes(name)) {
    throw new Failure(
      name === '' ? 'A bench needs its name.' : `There is no bench called ${name}.`,
      `There are: ${benches.join(', ')}. For example: npm run bench -- ${benches[0]}`,
    );
  }
  if (json) keepOutputFree();
  const bench = await import(pathToFileURL(join(folder, name, 'bench.mjs')).href);
  /** @type {Finding} */
  const { figure, goal, ok, details } = await bench.default();
  const line = `${name}: ${figure} (goal ${goal}) ${ok ? 'ok' : 'short'}`;
  process.stdout.write(`${json ? JSON.stringify({ name, figure, goal, ok, ...details }) : line}\n`);
  return ok ? 0 : 1;
});
