import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Builds the window into dist/renderer: what main serves under the strict policy of main/resources/content-security.ts. */
export default defineConfig({
  root: 'renderer',
  base: '/',
  plugins: [svelte({ compilerOptions: { runes: true } })],
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
  worker: { format: 'es' },
});
