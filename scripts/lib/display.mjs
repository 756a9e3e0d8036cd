/** A virtual display for machines without one. It stops what it has started, and nothing else. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './places.mjs';
import { endGroup } from './run.mjs';
import { Failure } from './say.mjs';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** Windows without a frame, so that a picture of the display shows the app and nothing else. */
const OPENBOX = `<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <applications><application class="*"><decor>no</decor></application></applications>
</openbox_config>
`;

/** Only Linux may be without one. */
export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

export class VirtualDisplay {
  /** @type {ChildProcess[]} */
  #children = [];

  /** A folder that goes when the display goes; the framebuffer is in it. */
  folder = mkdtempSync(join(tmpdir(), 'keyturn-display-'));

  /** The environment of what is to be shown here. @type {NodeJS.ProcessEnv} */
  environment = {};

  /** @returns {Promise<VirtualDisplay>} */
  static async open() {
    const display = new VirtualDisplay();
    try {
      await display.#start();
      return display;
    } catch (error) {
      await display.close();
      throw error;
    }
  }

  async #start() {
    const args = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-fbdir', this.folder];
    const server = this.start('Xvfb', [...args, '-br', '-nocursor', '-nolisten', 'tcp'], 'fd3');
    const number = await displayNumber(server);

    const environment = { ...process.env, DISPLAY: `:${number}`, GDK_BACKEND: 'x11' };
    delete (/** @type {NodeJS.ProcessEnv} */ (environment)['WAYLAND_DISPLAY']);
    this.environment = { XDG_RUNTIME_DIR: this.folder, ...environment, NO_AT_BRIDGE: '1' };

    const settings = join(this.folder, 'openbox.xml');
    writeFileSync(settings, OPENBOX);
    this.start('openbox', ['--sm-disable', '--config-file', settings]);
  }

  /**
   * @param {string} program
   * @param {string[]} args
   * @param {'fd3' | 'quiet'} [how] `fd3` gives the child a pipe to answer on
   */
  start(program, args, how = 'quiet') {
    const child = spawn(program, args, {
      cwd: root,
      env: this.environment['DISPLAY'] ? this.environment : process.env,
      stdio: [
        'ignore',
        'ignore',
        'pipe',
        ...(how === 'fd3' ? [/** @type {const} */ ('pipe')] : []),
      ],
      detached: true,
    });
    child.on('error', () => {});
    child.stderr?.resume();
    this.#children.push(child);
    return child;
  }

  async close() {
    for (const child of this.#children.reverse()) await endGroup(child);
    this.#children = [];
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * @param {ChildProcess} server
 * @returns {Promise<string>}
 */
function displayNumber(server) {
  return new Promise((resolve, reject) => {
    let words = '';
    server.stderr?.setEncoding('utf8').on('data', (text) => (words += text));
    server.stdio[3]?.once('data', (number) => resolve(String(number).trim()));
    const refuse = (/** @type {string} */ reason) =>
      reject(
        new Failure(
          `There is no display, and the virtual one (Xvfb) did not start: ${reason}. The app itself is built and was not opened.`,
          'On Debian and Ubuntu `sudo apt-get install xvfb openbox` brings it; or run the command on a desktop.',
        ),
      );
    server.once('error', (error) => refuse(error.message));
    server.once('close', (code) =>
      refuse(words.trim().split('\n').at(-1) || `it ended with ${code}`),
    );
  });
}

/**
 * Closes the display when this process is told to end.
 *
 * @template T
 * @param {(display: VirtualDisplay) => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function onVirtualDisplay(body) {
  const display = await VirtualDisplay.open();
  const end = () => void display.close().then(() => process.exit(130));
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    return await body(display);
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    await display.close();
  }
}
