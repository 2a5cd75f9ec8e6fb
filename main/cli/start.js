import { useCompileCache } from '../node/compile-cache.js';

// What bin/outerloop starts: the program, with the cache there before its first TypeScript file is read.
useCompileCache();
await import('./main.ts');
