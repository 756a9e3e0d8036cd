/** The npm packages, exactly as the lock file has them. */

import { join } from 'node:path';
import { fingerprint, isStamped, putStamp } from './fingerprint.mjs';
import { root } from './places.mjs';
import { run } from './run.mjs';
import { Failure, say } from './say.mjs';

const stamp = join(root, 'node_modules', '.keyturn-installed');

/** Installs them when the lock file has changed since the last time. */
export async function installNpmPackages() {
  const now = `${fingerprint(['package-lock.json'])} node ${process.versions.modules}`;
  if (isStamped(stamp, now)) return;
  say('Installing the npm packages of the lock file.');
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { show: true });
  if (code === 0) return putStamp(stamp, now);
  if (/EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET/.test(output)) {
    throw new Failure(
      'The npm packages could not be fetched: their registry cannot be reached. Nothing but node_modules was touched.',
      'Look at the network connection (npm config get registry names the address), then run the command again.',
    );
  }
  throw new Failure(
    'npm ci did not get through; its own words are above.',
    'Set right what it names, then run the command again.',
  );
}
