import type { ContextBridge, IpcRenderer, WebUtils } from 'electron';
import {
  BRIDGE_NAME,
  CONNECT_MESSAGE,
  PORT_MESSAGE,
  type WindowBridge,
} from '../../common/rpc/window-bridge.ts';

export interface BridgeParts {
  readonly contextBridge: Pick<ContextBridge, 'exposeInMainWorld'>;
  readonly ipcRenderer: Pick<IpcRenderer, 'on' | 'send'>;
  readonly webUtils: Pick<WebUtils, 'getPathForFile'>;
}

/** The window as far as the bridge needs it; main is typed without the DOM. */
export interface BridgedWindow {
  readonly location: { readonly origin: string };
  postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void;
}

/**
 * Gives the page two functions and nothing of Electron's own: no event, no channel name to choose. It knows nothing of
 * the contract, so there is nothing to keep in step with it.
 */
export function installBridge(
  { contextBridge, ipcRenderer, webUtils }: BridgeParts,
  window: BridgedWindow,
): void {
  ipcRenderer.on(PORT_MESSAGE, (event) =>
    window.postMessage(PORT_MESSAGE, window.location.origin, event.ports),
  );
  const bridge: WindowBridge = {
    connect: () => ipcRenderer.send(CONNECT_MESSAGE),
    pathOf: (file) => webUtils.getPathForFile(file as Parameters<WebUtils['getPathForFile']>[0]),
  };
  contextBridge.exposeInMainWorld(BRIDGE_NAME, bridge);
}
