import { builtinModules } from 'node:module';
import { defineConfig, type Rolldown } from 'vite';

/*
 * Builds Electron's own part into dist/electron: main.js, an ES module with everything that it needs except Electron and
 * Node, and preload.cjs, one CommonJS file, since the sandbox loads nothing else. The program behind is not built at all:
 * a real Node runs its sources (docs/architecture.md).
 *
 *   vite build --config vite.electron.config.ts --mode main|preload
 */
const outputs = {
  main: { entry: 'main/electron/main.ts', format: 'es', file: 'main.js' },
  preload: { entry: 'main/electron/preload.ts', format: 'cjs', file: 'preload.cjs' },
} as const;

const builtins = ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

export default defineConfig(({ mode }) => {
  const output = outputs[mode as keyof typeof outputs];
  if (output === undefined) throw new Error(`--mode is one of ${Object.keys(outputs).join(', ')}`);
  return {
    publicDir: mode === 'main' ? 'main/electron/assets' : false,
    // Packages are resolved as Node resolves them: this is no page.
    resolve: { conditions: ['node'], mainFields: ['module', 'main'] },
    build: {
      outDir: 'dist/electron',
      emptyOutDir: mode === 'main',
      target: 'node24',
      minify: false,
      sourcemap: false,
      lib: { entry: output.entry, formats: [output.format], fileName: () => output.file },
      rolldownOptions: {
        external: builtins,
        output: { codeSplitting: false } satisfies Rolldown.OutputOptions,
      },
    },
  };
});
