import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { installBridge } from './install-bridge.ts';

// Bundled into one CommonJS file: the sandbox loads no other.
installBridge(
  { contextBridge, ipcRenderer, webUtils },
  globalThis as unknown as Parameters<typeof installBridge>[1],
);
