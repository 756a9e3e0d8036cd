/** A picture of the first painted screen. */

import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { run } from './run.mjs';
import { Failure } from './say.mjs';

/** Text on a plain ground has more colours than this, an empty window fewer. */
const COLOURS_OF_A_PAINTED_SCREEN = 32;
const SECONDS = 30;

/**
 * Waits until the display is painted and holds still, then leaves its picture at `path`.
 *
 * @param {import('./display.mjs').VirtualDisplay} display
 * @param {string} path
 * @param {() => string | undefined} ended says why there is nothing to wait for any longer
 */
export async function takePicture(display, path, ended) {
  const env = { DISPLAY: String(display.environment['DISPLAY']) };
  const deadline = Date.now() + SECONDS * 1000;
  let before = '';
  // One of an earlier start must not be taken for today's.
  rmSync(path, { force: true });
  for (;;) {
    const taken = await run('import', ['-silent', '-window', 'root', path], { env });
    const seen = await run('identify', ['-format', '%k %#', path]);
    const [colours, signature = ''] = seen.stdout.split(' ');
    const painted = taken.code === 0 && Number(colours) > COLOURS_OF_A_PAINTED_SCREEN;
    if (painted && signature === before) return;
    before = signature;

    const reason =
      ended() ??
      (taken.code === 127 ? 'ImageMagick is not installed' : undefined) ??
      (Date.now() > deadline ? `nothing was painted within ${SECONDS} seconds` : undefined);
    if (reason !== undefined) {
      throw new Failure(
        `There is no picture of the first screen: ${reason}.`,
        'Look into the log of the app (under ~/.local/share/org.keyturn.desktop), then run the command again.',
      );
    }
    await wait(200);
  }
}
