/** Builds the interface and the app around it, each only when its sources have changed. */

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sayWhenOffline } from './cargo.mjs';
import { fingerprint, isStamped, putStamp } from './fingerprint.mjs';
import { app, npmProgram, root, target } from './places.mjs';
import { run } from './run.mjs';
import { Failure, say } from './say.mjs';

const interfaceStamp = join(root, 'node_modules', '.keyturn-interface');
const appStamp = join(target, 'release', '.keyturn-app');

const interfaceSources = [
  'ui/index.html',
  'ui/public',
  'ui/src',
  'package-lock.json',
  'vite.config.ts',
];
const appSources = [
  '.cargo',
  'Cargo.lock',
  'Cargo.toml',
  'icons',
  'src-tauri',
  'tauri.conf.json',
  'ui/dist',
];

/** Builds the interface into ui/dist, which the app carries inside. */
export async function buildInterface() {
  const now = fingerprint(interfaceSources);
  if (isStamped(interfaceStamp, now) && existsSync(join(root, 'ui/dist/index.html'))) return;
  say('Building the interface.');
  const { code } = await run(npmProgram('vite'), ['build'], { show: true });
  if (code !== 0) throw notBuilt('interface');
  putStamp(interfaceStamp, now);
}

/**
 * Builds the release of the app.
 *
 * @param {{ beside?: boolean }} [how] `beside` other work: with what time is left over, and without
 *   a word unless it fails
 * @returns {Promise<string>} the path of the program
 */
export async function buildApp({ beside = false } = {}) {
  await buildInterface();
  const now = fingerprint(appSources);
  if (existsSync(app) && isStamped(appStamp, stampOf(now))) return app;
  if (!beside) say('Building the app; the first time takes some minutes.');
  const args = ['build', '--no-bundle', '--', '--locked'];
  const ran = await run(npmProgram('tauri'), args, { show: !beside, beside });
  if (beside && ran.code !== 0) say(ran.output);
  if (sayWhenOffline(ran).code !== 0) throw notBuilt('app');
  putStamp(appStamp, stampOf(now));
  return app;
}

/**
 * A plain `cargo build` puts a program without the interface to the same place, and several clones
 * may share the folder: so the stamp holds what the program looks like as well.
 *
 * @param {string} sources
 */
function stampOf(sources) {
  const { size, mtimeMs } = statSync(app);
  return `${sources} ${size} ${mtimeMs} ${root}`;
}

/** @param {string} what */
function notBuilt(what) {
  return new Failure(
    `The ${what} could not be built; the words of the compiler are above. What was built before stays.`,
    'Set right what they name, then run the command again.',
  );
}
