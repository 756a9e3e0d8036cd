/** `npm run build`: the release build of the app. */

import { buildApp } from './lib/app.mjs';
import { command, say } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';
import { forTheApp } from './lib/system.mjs';

await command(async () => {
  await setUp(forTheApp);
  say(`The app: ${await buildApp()}`);
});
