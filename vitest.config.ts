import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const alias = { $lib: here('ui/src/lib') };

/** Four kinds of tests in TypeScript: `npx vitest run --project ui|scripts|e2e|bench`. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelte({ configFile: false }), svelteTesting()],
        resolve: { alias },
        test: {
          name: 'ui',
          include: ['ui/src/**/*.test.ts'],
          environment: 'jsdom',
          setupFiles: ['ui/src/test-setup.ts'],
          // Left alone, vitest keeps one of two cores for itself.
          maxWorkers: 2,
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'scripts',
          include: ['tests/scripts/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.e2e.ts'],
          environment: 'node',
          // Each has a desktop of its own, and waits more than it works.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Parts of benches that need the real window; `npm run bench` starts them.
        resolve: { alias },
        test: {
          name: 'bench',
          include: ['tests/bench/**/*.window.ts'],
          environment: 'node',
          fileParallelism: false,
        },
      },
    ],
  },
});
