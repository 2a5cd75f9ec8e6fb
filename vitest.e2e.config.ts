import { defineConfig } from 'vitest/config';

/** The whole way through the window, in a real browser. One file at a time: each has a server and trainers of its own. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    include: ['test/e2e/**/*.e2e.ts'],
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
