import { defineConfig } from 'vitest/config';

/** What `npm run package:check` looks at: a package that was made with a stub in Electron's place. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 1,
    include: ['test/packaging/**/*.check.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
