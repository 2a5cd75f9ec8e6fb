import { useCompileCache } from '../node/compile-cache.js';
import { keepHeapSmall } from '../node/keep-heap-small.js';

// What bin/outerloop starts: the program, with the cache there before its first TypeScript file is read.
const [group, command] = process.argv.slice(2);
if (group === 'mlflow' && command === 'serve') keepHeapSmall();
useCompileCache();
await import('./main.ts');
