import { useCompileCache } from '../node/compile-cache.js';

// Before anything else is read.
useCompileCache();
const { runBackend } = await import('./run-backend.ts');

// The program behind Electron's windows, forked by main/electron/start-backend.ts.
process.title = 'outerloop';
// A signal of the terminal reaches Electron too, which says when to stop.
process.on('SIGINT', () => undefined);

await runBackend({
  send: (message) => void (process.connected && process.send?.(message, () => undefined)),
  onMessage: (listener) => void process.on('message', listener),
  onGone: (listener) => void process.on('disconnect', listener),
});
process.exit();
