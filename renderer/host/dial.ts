import type { Channel } from '../../common/rpc/channel.ts';
import { PORT_MESSAGE, type WindowBridge } from '../../common/rpc/window-bridge.ts';
import { makePortChannel } from './port-channel.ts';
import { dialSocket, LockedOut } from './socket-channel.ts';

declare global {
  interface Window {
    readonly outerloopBridge?: WindowBridge;
  }
}

/** Electron's process answers at once, or not at all while it ends. */
const PORT_TIMEOUT_MS = 10_000;

/** Opens a channel to main, whichever host this window has. Rejects when main is not there, with LockedOut when it refuses. */
export function dialMain(): Promise<Channel> {
  const bridge = window.outerloopBridge;
  return bridge === undefined ? dialServer() : dialElectron(bridge);
}

/** A socket does not say why it was refused; a request does. */
async function dialServer(): Promise<Channel> {
  try {
    return await dialSocket(socketAddress());
  } catch (error) {
    const answer = await fetch('/', { method: 'HEAD' }).catch(() => undefined);
    throw answer?.status === 403 ? new LockedOut() : error;
  }
}

function socketAddress(): string {
  return `${location.origin.replace(/^http/, 'ws')}/rpc`;
}

function dialElectron(bridge: WindowBridge): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const onMessage = (event: MessageEvent): void => {
      const [port] = event.ports;
      // Only the preload script, which shares this window, may hand in a port.
      if (event.source !== window || event.data !== PORT_MESSAGE || port === undefined) return;
      stop();
      resolve(makePortChannel(port));
    };
    const stop = (): void => {
      clearTimeout(timer);
      window.removeEventListener('message', onMessage);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error('The program does not answer.'));
    }, PORT_TIMEOUT_MS);
    window.addEventListener('message', onMessage);
    bridge.connect();
  });
}
