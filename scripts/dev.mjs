/** `npm run dev`: the app with an interface that follows every change of its sources. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { npmProgram, root } from './lib/places.mjs';
import { handOver } from './lib/run.mjs';
import { Failure, command } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';
import { forTheApp } from './lib/system.mjs';

await command(async () => {
  const { build } = JSON.parse(readFileSync(join(root, 'tauri.conf.json'), 'utf8'));
  await needFreePort(Number(new URL(build.devUrl).port));
  await setUp(forTheApp);
  const config = JSON.stringify({ build: { beforeDevCommand: npmProgram('vite') } });
  return handOver(npmProgram('tauri'), ['dev', '--config', config]);
});

/**
 * @param {number} port
 * @returns {Promise<void>}
 */
function needFreePort(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () =>
      reject(
        new Failure(
          `Port ${port} of this machine is taken, and the interface under development is served there. Nothing was started.`,
          `Another \`npm run dev\` may be open: end it (\`ss -ltnp 'sport = :${port}'\` names what listens), then run the command again.`,
        ),
      ),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}
