/** `npm start`: from a fresh machine to the open window. */

import { join } from 'node:path';
import { buildApp } from './lib/app.mjs';
import { hasDisplay, onVirtualDisplay } from './lib/display.mjs';
import { takePicture } from './lib/picture.mjs';
import { cache } from './lib/places.mjs';
import { handOver } from './lib/run.mjs';
import { command, say } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';
import { forAVirtualDisplay, forTheApp } from './lib/system.mjs';

await command(async () => {
  const display = hasDisplay();
  await setUp(display ? forTheApp : [...forTheApp, ...forAVirtualDisplay]);
  const app = await buildApp();
  if (display) {
    say('Keyturn is open; the command ends when its window is closed.');
    return handOver(app, []);
  }
  await showOnVirtualDisplay(app);
});

/** @param {string} app */
async function showOnVirtualDisplay(app) {
  say('This machine has no display: the window opens on a virtual one.');
  const path = join(cache, 'first-screen.png');
  await onVirtualDisplay(async (display) => {
    const words = /** @type {string[]} */ ([]);
    // Its own D-Bus session: a container has none, and another Keyturn must not be found there.
    const window = display.start('dbus-run-session', ['--', app]);
    window.stderr?.setEncoding('utf8').on('data', (text) => words.push(text));
    await takePicture(display, path, () =>
      window.exitCode === null ? undefined : `the app ended (${words.join('').trim()})`,
    );
  });
  say(`Picture of the first painted screen: ${path}`);
  say('The window is closed again. With a display it stays open.');
}
