/** Runs cargo, and says in plain words what its usual failures mean. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root, writableFolder } from './places.mjs';
import { run } from './run.mjs';
import { Failure, say } from './say.mjs';

const DENY_VERSION = '0.20.2';

/** Rust has to be there: a set-up of ours would not know which way the user wants it. */
export async function needRust() {
  const { code, stdout } = await run('cargo', ['--version']);
  if (code !== 0) {
    throw new Failure(
      'Rust is not installed (cargo was not found or does not start). Nothing was changed.',
      'Install it from https://rustup.rs, open a new terminal, then run the command again.',
    );
  }
  const there = /\d+\.\d+/.exec(stdout)?.[0] ?? '0.0';
  const manifest = readFileSync(join(root, 'Cargo.toml'), 'utf8');
  const needed = /^rust-version = "(\d+\.\d+)/m.exec(manifest)?.[1] ?? '0.0';
  if (there.localeCompare(needed, 'en', { numeric: true }) >= 0) return;
  throw new Failure(
    `This is Rust ${there}, and Keyturn needs ${needed} or later. Nothing was changed.`,
    'Run `rustup update`, or install a later Rust from https://rustup.rs, then run the command again.',
  );
}

/** The checks want two parts of Rust that a minimal installation leaves out. */
export async function needRustTools() {
  for (const [tool, component] of Object.entries({ fmt: 'rustfmt', clippy: 'clippy' })) {
    if ((await run('cargo', [tool, '--version'])).code === 0) continue;
    say(`Adding ${component} to Rust, once.`);
    const { code } = await run('rustup', ['component', 'add', component], { show: true });
    if (code === 0) continue;
    throw new Failure(
      `Rust is here without ${component}, which the checks need. Nothing was changed.`,
      `Run \`rustup component add ${component}\`, then run the command again.`,
    );
  }
}

/**
 * @param {import('./run.mjs').Ran} ran a run of cargo, or of a program that runs it
 * @returns {import('./run.mjs').Ran} the same, unless the crates could not be fetched
 */
export function sayWhenOffline(ran) {
  const unreachable =
    /failed to (?:download|get|fetch|query)[^]*(?:could ?n[o']t resolve|could ?n[o']t connect|network failure|timeout was reached|operation too slow|SSL connect error)/i;
  if (ran.code === 0 || !unreachable.test(ran.output)) return ran;
  throw new Failure(
    'The Rust packages could not be fetched: crates.io cannot be reached. Nothing is lost, what was built stays.',
    'Look at the network connection, then run the command again.',
  );
}

/** @returns {Promise<string>} the path of cargo-deny, installed for this project alone */
export async function cargoDeny() {
  const tools = join(cache, 'tools', `cargo-deny-${DENY_VERSION}`);
  const program = join(tools, 'bin', 'cargo-deny');
  if (existsSync(program)) return program;
  writableFolder(tools);
  say(`Building cargo-deny ${DENY_VERSION} into ${tools}, once.`);
  // It looks at a list for a second or two: one that is quicker takes longer to build than it saves.
  const args = ['install', '--locked', '--root', tools, '--debug', `cargo-deny@${DENY_VERSION}`];
  const env = { CARGO_PROFILE_DEV_DEBUG: '0' };
  const ran = sayWhenOffline(await run('cargo', args, { show: true, env }));
  if (ran.code === 0) return program;
  throw new Failure(
    'cargo-deny could not be built; the words of cargo are above.',
    'Set right what they name, then run the command again.',
  );
}
