import type { Channel } from '../../common/rpc/channel.ts';
import { makePortChannel } from './port-channel.ts';
import { dialSocket } from './socket-channel.ts';

/** Electron's preload puts this into the page: it asks main for a port, which arrives as a message of the window. */
export interface ElectronBridge {
  connect(): void;
}

declare global {
  interface Window {
    readonly outerloopBridge?: ElectronBridge;
  }
}

/** The message that carries Electron's port into the page. */
export const PORT_MESSAGE = 'outerloop-port';

/** Opens a channel to main, whichever host this window has. Rejects when main is not there. */
export function dialMain(): Promise<Channel> {
  const bridge = window.outerloopBridge;
  return bridge === undefined ? dialSocket(socketAddress()) : dialElectron(bridge);
}

function socketAddress(): string {
  return `${location.origin.replace(/^http/, 'ws')}/rpc`;
}

function dialElectron(bridge: ElectronBridge): Promise<Channel> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent): void => {
      const [port] = event.ports;
      // Only the preload script, which shares this window, may hand in a port.
      if (event.source !== window || event.data !== PORT_MESSAGE || port === undefined) return;
      window.removeEventListener('message', onMessage);
      resolve(makePortChannel(port));
    };
    window.addEventListener('message', onMessage);
    bridge.connect();
  });
}
