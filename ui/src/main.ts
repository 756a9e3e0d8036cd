import '$lib/design/base.css';
import { mount } from 'svelte';
import { tauri } from '$lib/backend/tauri';
import { SettingsState } from '$lib/features/settings/settings.svelte';
import App from './routes/App.svelte';

// The shell has coloured the page by the settings already: nothing waits for them here.
const settings = new SettingsState(tauri);
void settings.start();

const target = document.getElementById('app');
if (target) mount(App, { target, props: { backend: tauri, settings } });
