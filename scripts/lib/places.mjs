/** Where things are: the clone, and the folders of the user that this project writes to. */

import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from './say.mjs';

/** The clone. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The cache folder of the user for this project. */
export const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'keyturn');

/** Where cargo builds. */
export const target = process.env['CARGO_TARGET_DIR'] || join(root, 'target');

/** @param {string} ending of programs on Windows */
const onWindows = (ending) => (process.platform === 'win32' ? ending : '');

/** The release build of the app. */
export const app = join(target, 'release', `keyturn${onWindows('.exe')}`);

/**
 * A program of an npm package, without asking npx (which would look for it on the network).
 *
 * @param {string} name
 */
export const npmProgram = (name) => join(root, 'node_modules', '.bin', name + onWindows('.cmd'));

/**
 * Makes a folder and sees to it that it can be written to.
 *
 * @param {string} path
 * @returns {string} the path
 */
export function writableFolder(path) {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
    return path;
  } catch (error) {
    const reason = /** @type {NodeJS.ErrnoException} */ (error).code;
    throw new Failure(
      `The folder ${path} cannot be written to (${reason}). Nothing was changed.`,
      'Make it writable, or name another place in XDG_CACHE_HOME (and CARGO_TARGET_DIR), then run the command again.',
    );
  }
}
