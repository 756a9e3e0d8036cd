/** The quick half of the tests: everything that looks at the sources without starting the app. */

import { cargoDeny, needRustTools, sayWhenOffline } from './cargo.mjs';
import { checkNpmLicences } from './licences.mjs';
import { npmProgram } from './places.mjs';
import { run } from './run.mjs';
import { say, secondsSince } from './say.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {(fix: boolean) => Promise<{ code: number, output: string }>} look
 */

/** @type {(name: string, args: string[], fixArgs?: string[]) => Check} */
const byNode = (name, args, fixArgs = args) => ({
  name,
  look: (fix) => run(npmProgram(name), fix ? fixArgs : args),
});

/** @type {(name: string, args: string[], fixing?: { args?: string[], env?: Record<string, string> }) => Check} */
const byCargo = (name, args, { args: fixArgs = args, env = {} } = {}) => ({
  name,
  look: async (fix) => sayWhenOffline(await run('cargo', fix ? fixArgs : args, fix ? { env } : {})),
});

/** @type {Check[]} */
const ofTheInterface = [
  byNode('prettier', ['--check', '.'], ['--write', '--log-level', 'warn', '.']),
  byNode('eslint', ['--max-warnings', '0', '.'], ['--max-warnings', '0', '--fix', '.']),
  // Reads every TypeScript and JavaScript file, not only those of Svelte.
  byNode('svelte-check', ['--tsconfig', './tsconfig.json', '--fail-on-warnings']),
  { name: 'npm licences', look: async () => checkNpmLicences() },
];

const clippy = ['clippy', '--workspace', '--all-targets', '--all-features', '--locked'];

/** Cargo holds a lock on its folder, so these go one after the other. @type {Check[]} */
const ofRust = [
  byCargo('rustfmt', ['fmt', '--all', '--check'], { args: ['fmt', '--all'] }),
  byCargo('clippy', [...clippy, '--', '-D', 'warnings']),
  byCargo('bindings', ['test', '-p', 'keyturn-app', '--locked', '--test', 'bindings'], {
    env: { KEYTURN_WRITE_BINDINGS: '1' },
  }),
  {
    name: 'cargo-deny',
    look: async () => run(await cargoDeny(), ['--locked', 'check', 'bans', 'licenses', 'sources']),
  },
];

/**
 * Says one line for a check that passes, and everything of one that does not.
 *
 * @param {{ fix: boolean }} how
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks({ fix }) {
  await needRustTools();
  const count = { passed: 0, failed: 0 };
  // Side by side, except that fixing must not change what another check is reading.
  const rows = fix ? [[...ofRust, ...ofTheInterface]] : [ofTheInterface, ofRust];
  await Promise.all(rows.map((row) => runRow(row, fix, count)));
  return count;
}

/**
 * @param {Check[]} row
 * @param {boolean} fix
 * @param {{ passed: number, failed: number }} count
 */
async function runRow(row, fix, count) {
  for (const { name, look } of row) {
    const since = performance.now();
    const { code, output } = await look(fix).catch(asOutput);
    if (code === 0) {
      count.passed += 1;
      say(`ok      ${name}  ${secondsSince(since)}`);
    } else {
      count.failed += 1;
      say(`failed  ${name}  ${secondsSince(since)}\n${output.trimEnd()}\n`);
    }
  }
}

/** @param {unknown} error */
const asOutput = (error) => ({
  code: 1,
  output: error instanceof Error ? error.message : String(error),
});
