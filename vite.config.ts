import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { contractDefinition } from './vite.contract.ts';

/**
 * zod compiles its checks with `new Function` where it may, and finds out by trying, which the page's policy refuses and
 * reports. This is said before zod is read, in every script and worker: schemas are made while modules load.
 */
const zodWithoutEval: Plugin = {
  name: 'zod-without-eval',
  transform(code, id) {
    if (!/[/\\]zod[/\\]v4[/\\]core[/\\]core\.js$/.test(id)) return undefined;
    return { code: `globalThis.__zod_globalConfig ??= { jitless: true };\n${code}`, map: null };
  },
};

/** Builds the window into dist/renderer: what main serves under the strict policy of main/resources/content-security.ts. */
export default defineConfig({
  root: 'renderer',
  base: '/',
  plugins: [zodWithoutEval, svelte({ compilerOptions: { runes: true } })],
  define: contractDefinition,
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2024',
    // Inlined assets and the polyfill's script would need a looser policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  worker: { format: 'es', plugins: () => [zodWithoutEval] },
});
