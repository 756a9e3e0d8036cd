import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The port of `npm run dev`; tauri.conf.json names the same one. */
const DEV_PORT = 1420;

export default defineConfig({
  root: fileURLToPath(new URL('ui', import.meta.url)),
  plugins: [svelte({ configFile: false })],
  resolve: { alias: { $lib: fileURLToPath(new URL('ui/src/lib', import.meta.url)) } },
  clearScreen: false,
  server: { port: DEV_PORT, strictPort: true, host: '127.0.0.1' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'safari18',
    // The content security policy allows no inline script, style or data address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
