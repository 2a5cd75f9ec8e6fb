import { posix, relative, sep } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { contractDefinition } from './vite.contract.ts';

const ROOT = import.meta.dirname;
const OUT = 'dist/program';

/**
 * What a module reads or starts beside its own source file (templates, schemas, the trainer, threads) lies there for the
 * built program too: both are in the same tree.
 */
const sourcePlaces: Plugin = {
  name: 'source-places',
  transform(code, id) {
    const source = relative(ROOT, id).split(sep).join('/');
    if (!/^(common|main)\//.test(source) || !code.includes('import.meta.')) return undefined;
    const place = posix.relative(OUT, source);
    return {
      code: code
        .replaceAll(
          'import.meta.dirname',
          `(import.meta.dirname + ${JSON.stringify(`/${posix.dirname(place)}`)})`,
        )
        .replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, import.meta.url).href`),
      map: null,
    };
  },
};

/*
 * Builds main for the hosts that show a window into dist/program: `outerloop.js`, the command line with `serve`, and
 * `backend.js`, the program behind Electron. Hundreds of sources, whose types would be stripped at the first start and
 * which would be found one by one at every start, become a few files; nothing is changed in them but where they look for
 * what lies beside them. Trainers and threads are started from their sources.
 */
export default defineConfig({
  plugins: [sourcePlaces],
  define: contractDefinition,
  publicDir: false,
  // Packages are resolved as Node resolves them: this is no page.
  resolve: { conditions: ['node'], mainFields: ['module', 'main'] },
  ssr: {
    noExternal: true,
    external: ['@itk-wasm/dicom', '@itk-wasm/image-io', 'bufferutil', 'utf-8-validate'],
  },
  build: {
    ssr: true,
    outDir: OUT,
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    sourcemap: false,
    rolldownOptions: {
      input: { outerloop: 'main/cli/main.ts', backend: 'main/backend/main.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
