import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Nothing that a test starts may touch the user's own settings and tracking store. */
const env = { OUTERLOOP_DATA: join(tmpdir(), `outerloop-tests-${process.pid}`) };
const shared = { env, testTimeout: 30_000, hookTimeout: 30_000 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'node',
          pool: 'forks',
          // A test that imported Electron by mistake would otherwise try to download it.
          env: { ELECTRON_OVERRIDE_DIST_PATH: '/no-electron-in-tests' },
          include: ['test/**/*.test.ts'],
          exclude: ['test/renderer/**', 'test/fixtures/**'],
        },
      },
      {
        // The window's classes and components, in a made-up browser; test/e2e looks at them in a real one.
        plugins: [svelte({ compilerOptions: { runes: true } })],
        resolve: { conditions: ['browser'] },
        test: {
          ...shared,
          name: 'window',
          environment: 'happy-dom',
          include: ['test/renderer/**/*.test.ts'],
        },
      },
    ],
  },
});
