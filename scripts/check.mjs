/** `npm run check`, and with `--fix` `npm run fix`: the quick half of the tests. */

import { buildInterface } from './lib/app.mjs';
import { runChecks } from './lib/checks.mjs';
import { command, say } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';
import { forTheApp } from './lib/system.mjs';

await command(async () => {
  await setUp(forTheApp);
  // The app carries the interface inside: without it no Rust compiles.
  await buildInterface();
  const { passed, failed } = await runChecks({ fix: process.argv.includes('--fix') });
  say(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});
