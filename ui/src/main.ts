import '$lib/design/base.css';
import { mount } from 'svelte';
import { tauri } from '$lib/backend/tauri';
import { SettingsState } from '$lib/features/settings/settings.svelte';
import App from './routes/App.svelte';

// The settings come first, so that the first picture has the right colours already.
const settings = new SettingsState(tauri);
await settings.start();

const target = document.getElementById('app');
if (target) mount(App, { target, props: { backend: tauri, settings } });
