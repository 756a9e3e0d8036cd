/**
 * How long the app takes from its process start to the first painted screen, and how much memory it
 * has then, against the smallest window of WebKitGTK: in turns, on one display, in one run.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../../../scripts/lib/app.mjs';
import { onVirtualDisplay } from '../../../scripts/lib/display.mjs';
import { cache, writableFolder } from '../../../scripts/lib/places.mjs';
import { Failure, say } from '../../../scripts/lib/say.mjs';
import { setUp } from '../../../scripts/lib/setup.mjs';
import { forAVirtualDisplay, forTheApp } from '../../../scripts/lib/system.mjs';

const GOAL = { paint: 1.3, memory: 1.25 };
const WARM_UPS = 2;
const PAIRS = 11;

/** @typedef {{ paintMs: number, memoryKiB: number, processes: number }} Figures */
/** @typedef {{ app: Figures, bare: Figures }} Pair */

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function start() {
  await setUp([...forTheApp, ...forAVirtualDisplay]);
  const programs = { app: await buildApp(), bare: compile('bare') };
  const watch = compile('watch');
  const home = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    const pairs = await onVirtualDisplay((display) => inTurns(display, watch, programs, home));
    return judge(pairs);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * @param {import('../../../scripts/lib/display.mjs').VirtualDisplay} display
 * @param {string} watch
 * @param {{ app: string, bare: string }} programs
 * @param {string} home
 */
async function inTurns(display, watch, programs, home) {
  const framebuffer = join(display.folder, 'Xvfb_screen0');
  /** @type {Pair[]} */
  const pairs = [];
  for (let turn = -WARM_UPS; turn < PAIRS; turn += 1) {
    // Who goes first changes from pair to pair.
    const order =
      turn % 2 === 0
        ? /** @type {const} */ (['app', 'bare'])
        : /** @type {const} */ (['bare', 'app']);
    const pair = /** @type {Pair} */ ({});
    for (const which of order) {
      const environment = throwawayHome(display.environment, join(home, which));
      pair[which] = measure(watch, framebuffer, programs[which], environment);
    }
    const { app, bare } = pair;
    say(`${turn < 0 ? 'warm-up' : `pair ${turn + 1}`}: app ${words(app)}, bare ${words(bare)}`);
    if (turn >= 0) pairs.push(pair);
  }
  return pairs;
}

/**
 * @param {string} watch
 * @param {string} framebuffer
 * @param {string} program
 * @param {NodeJS.ProcessEnv} env
 * @returns {Figures}
 */
function measure(watch, framebuffer, program, env) {
  const args = ['--', watch, framebuffer, program];
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['ignore', 'pipe', 'pipe'];
  try {
    const printed = execFileSync('dbus-run-session', args, { env, stdio, encoding: 'utf8' });
    // Services of the session write to the same output.
    const line = /^[\d.]+ \d+ \d+$/m.exec(printed)?.[0] ?? '';
    const [paintMs = NaN, memoryKiB = NaN, processes = NaN] = line.split(' ').map(Number);
    return { paintMs, memoryKiB, processes };
  } catch (error) {
    const { stderr } = /** @type {{ stderr?: string }} */ (error);
    throw new Failure(`${program} could not be measured: ${stderr?.trim()}`, 'Open it by hand.');
  }
}

/**
 * @param {NodeJS.ProcessEnv} environment of the display
 * @param {string} home
 * @returns {NodeJS.ProcessEnv}
 */
function throwawayHome(environment, home) {
  const runtime = join(home, 'run');
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  const own = { ...environment, HOME: home, XDG_RUNTIME_DIR: runtime };
  for (const name of [
    'DBUS_SESSION_BUS_ADDRESS',
    'XDG_CONFIG_HOME',
    'XDG_DATA_HOME',
    'XDG_CACHE_HOME',
    'XDG_STATE_HOME',
  ])
    delete (/** @type {NodeJS.ProcessEnv} */ (own)[name]);
  // What the app chooses by itself where there is no GPU; the neighbour is not to be held back. The
  // app's other choice there, GDK_GL, is its own doing: a window that is just opened does without.
  return existsSync('/dev/dri') ? own : { ...own, WEBKIT_DISABLE_DMABUF_RENDERER: '1' };
}

/**
 * @param {'bare' | 'watch'} name of a C file beside this one
 * @returns {string} the program
 */
export function compile(name) {
  const program = join(writableFolder(join(cache, 'bench')), name);
  const source = fileURLToPath(new URL(`${name}.c`, import.meta.url));
  const library = ['--cflags', '--libs', 'webkit2gtk-4.1'];
  const flags =
    name === 'watch'
      ? []
      : execFileSync('pkg-config', library, { encoding: 'utf8' }).trim().split(/\s+/);
  execFileSync('cc', ['-O2', '-Wall', '-o', program, source, ...flags], { stdio: 'inherit' });
  return program;
}

/** @param {Pair[]} pairs */
function judge(pairs) {
  const of = (/** @type {'app' | 'bare'} */ which, /** @type {keyof Figures} */ key) =>
    median(pairs.map((pair) => pair[which][key]));
  const ratio = (/** @type {keyof Figures} */ key) =>
    median(pairs.map(({ app, bare }) => app[key] / bare[key]));
  const paint = ratio('paintMs');
  const memory = ratio('memoryKiB');
  const [app, bare] = /** @type {const} */ (['app', 'bare']).map((which) => ({
    paintMs: of(which, 'paintMs'),
    memoryKiB: of(which, 'memoryKiB'),
    processes: of(which, 'processes'),
  }));
  return {
    figure: `${paint.toFixed(2)}x paint, ${memory.toFixed(2)}x memory`,
    goal: `${GOAL.paint}x, ${GOAL.memory}x`,
    ok: paint <= GOAL.paint && memory <= GOAL.memory,
    details: { paint, memory, medians: { app, bare }, pairs },
  };
}

/** @param {number[]} figures */
function median(figures) {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** @param {Figures} figures */
const words = ({ paintMs, memoryKiB }) =>
  `${paintMs.toFixed(0)} ms ${(memoryKiB / 1024).toFixed(0)} MiB`;
