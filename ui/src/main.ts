import '$lib/design/base.css';
import { mount } from 'svelte';
import { firstPictureIsShown, tauri } from '$lib/backend/tauri';
import { SettingsState } from '$lib/features/settings/settings.svelte';
import { Session } from '$lib/features/vault/session.svelte';
import App from './routes/App.svelte';

/** So long the first picture waits to be the right one; a slow disk gets one that says so. */
const PATIENCE_MS = 400;

const session = new Session(tauri);
const settings = new SettingsState(tauri);

const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
// Not by an await at the top: the whole page would become chunks of chunks.
void Promise.race([session.start(), patience]).then(() => {
  const target = document.getElementById('app');
  if (target) mount(App, { target, props: { backend: tauri, settings, session } });
  // The shell has coloured the page by the settings already: they can wait for the first picture.
  requestAnimationFrame(() =>
    setTimeout(() => {
      firstPictureIsShown();
      void settings.start();
    }),
  );
});
