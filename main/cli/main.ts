import { useCompileCache } from '../node/compile-cache.js';

// Before anything else is read.
useCompileCache();
const { outliveReaders, processOutput } = await import('./output.ts');
const { runProgram } = await import('./program.ts');

outliveReaders();
process.exitCode = await runProgram(process.argv.slice(2), processOutput);
