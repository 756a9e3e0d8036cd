/** Tells whether something has to be made again: by the content of what it is made from. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

/**
 * @param {string[]} paths files and folders of the clone
 * @returns {string}
 */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) add(path);
  return hash.digest('hex');

  /** @param {string} path */
  function add(path) {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(join(path, name));
    } else {
      hash.update(`${path}\0`).update(readFileSync(full)).update('\0');
    }
  }
}

/**
 * @param {string} stamp the file that keeps the fingerprint
 * @param {string} now
 */
export const isStamped = (stamp, now) => existsSync(stamp) && readFileSync(stamp, 'utf8') === now;

/**
 * @param {string} stamp
 * @param {string} now
 */
export const putStamp = (stamp, now) => writeFileSync(stamp, now);
