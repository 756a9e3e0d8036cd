/** The licences of the npm packages. Those of the Rust packages are in deny.toml. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

/** Permissive, or (MPL) copyleft no further than the file itself. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'OFL-1.1', // the typeface
  'Zlib',
]);

/** Packages whose package.json is silent, read by hand. @type {Record<string, string>} */
const readByHand = {
  'svelte-toolbelt': 'MIT', // its LICENSE file
};

/**
 * @param {string} expression of SPDX, one level of brackets
 * @returns {boolean}
 */
export function isAllowed(expression) {
  const flat = expression.replace(/\(([^()]*)\)/g, (_, inner) => (isAllowed(inner) ? 'MIT' : '-'));
  return flat
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((name) => allowed.has(name.trim())));
}

/** @returns {{ code: number, output: string }} like a program that was run */
export function checkNpmLicences() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const refused = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    const name = path.replace(/^.*node_modules\//, '');
    const licence = entry.license ?? readByHand[name] ?? 'no licence named';
    if (!isAllowed(licence)) refused.push(`${name}: ${licence}`);
  }
  if (refused.length === 0) return { code: 0, output: '' };
  const words = 'Not on the list in scripts/lib/licences.mjs:';
  return { code: 1, output: `${words}\n  ${refused.join('\n  ')}\n` };
}
