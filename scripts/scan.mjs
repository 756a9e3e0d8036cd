/** `npm run scan -- memory`: looks for secrets where none may be after locking. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from './lib/app.mjs';
import { npmProgram } from './lib/places.mjs';
import { run } from './lib/run.mjs';
import { Failure, command, say } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';
import { forAVirtualDisplay, forTheApp, forTheTests } from './lib/system.mjs';

await command(async () => {
  const name = process.argv[2] ?? '';
  if (name !== 'memory') {
    throw new Failure(
      name === '' ? 'A scan needs its name.' : `There is no scan called ${name}.`,
      'There is: memory. For example: npm run scan -- memory',
    );
  }
  await setUp([...forTheApp, ...forAVirtualDisplay, ...forTheTests]);
  const app = await buildApp();
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-scan-'));
  const report = join(folder, 'report.json');
  try {
    const env = { KEYTURN_APP: app, KEYTURN_SCAN: report };
    await run(npmProgram('vitest'), ['run', '--project', 'e2e', 'memory'], { env, show: true });
    const { hits, searched } = read(report);
    for (const { where, secret, form, times } of hits)
      say(`${times} times the ${secret} as ${form} in ${where}`);
    const times = hits.reduce((sum, hit) => sum + hit.times, 0);
    const ok = times === 0;
    process.stdout.write(
      `memory: ${times} hits in ${searched} (goal 0 hits) ${ok ? 'ok' : 'short'}\n`,
    );
    return ok ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/**
 * @param {string} report
 * @returns {{ hits: { where: string, secret: string, form: string, times: number }[], searched: string }}
 */
function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    throw new Failure(
      'The scan did not come to its end; what failed is above.',
      'Set that right, then run it again.',
    );
  }
}
