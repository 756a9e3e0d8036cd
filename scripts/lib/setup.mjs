/** Brings the machine to where the project builds. What is there is not installed again. */

import { Failure } from './say.mjs';
import { needRust } from './cargo.mjs';
import { installNpmPackages } from './packages.mjs';
import { cache, target, writableFolder } from './places.mjs';
import { installSystemPackages } from './system.mjs';

/** @param {import('./system.mjs').Package[]} packages of the system */
export async function setUp(packages) {
  needNode();
  writableFolder(cache);
  writableFolder(target);
  await needRust();
  await installSystemPackages(packages);
  await installNpmPackages();
}

function needNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Failure(
    `This is Node ${process.versions.node}, and Keyturn needs 20.19 or later. Nothing was changed.`,
    'Install a later Node from https://nodejs.org, then run the command again.',
  );
}
