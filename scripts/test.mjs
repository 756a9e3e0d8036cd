/** `npm test`: every check and every test there is. Its last line is `N passed, N failed`. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp, buildInterface } from './lib/app.mjs';
import { sayWhenOffline } from './lib/cargo.mjs';
import { runChecks } from './lib/checks.mjs';
import { countRust, countVitest } from './lib/counts.mjs';
import { Parts } from './lib/parts.mjs';
import { npmProgram } from './lib/places.mjs';
import { run } from './lib/run.mjs';
import { Failure, command } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';
import { forDatabases, forTheApp, forTheTests, neighbours } from './lib/system.mjs';

/** For what is not a test itself, but has to work. */
const nothingToCount = { passed: 0, failed: 0 };

await command(async () => {
  const parts = new Parts();
  const ready = await parts.run('set-up', async () => {
    await setUp([...forTheApp, ...forTheTests, ...forDatabases, ...neighbours]);
    await buildInterface();
    return nothingToCount;
  });
  if (!ready) return parts.finish();

  await parts.run('checks', () => runChecks({ fix: false }));
  // Tests often wait, for servers or for each other: the compiler takes the time that is left over.
  const building = parts.beside('release build', async () => {
    await buildApp({ beside: true });
    return nothingToCount;
  });
  await parts.run('Rust tests', async () => {
    const args = ['test', '--workspace', '--locked', '--no-fail-fast'];
    return countRust(sayWhenOffline(await run('cargo', args, { show: true })));
  });
  await parts.run('interface tests', () => vitest('ui'));
  await parts.run('script tests', () => vitest('scripts'));
  const built = await building;
  await parts.run('window tests', async () => {
    if (built) return vitest('e2e');
    throw new Failure('There is no app to test.', 'Look at the release build above.');
  });
  return parts.finish();
});

/** @param {string} project of vitest.config.ts */
async function vitest(project) {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-test-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const args = ['run', '--project', project, ...reporters];
    const { code } = await run(npmProgram('vitest'), args, { show: true });
    return countVitest(code, existsSync(report) ? readFileSync(report, 'utf8') : undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
