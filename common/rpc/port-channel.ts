import { parseFrame, PORT_GOODBYE, type Channel } from './channel.ts';

/** What the ports of a page, of Electron's main process and of Node's threads have in common, after an adapter. */
export interface BarePort {
  postMessage(message: string): void;
  /** Calls back for every message, and begins to deliver them. */
  onMessage(listener: (message: unknown) => void): void;
  /** Calls back when the other side has gone. */
  onClose(listener: () => void): void;
  close(): void;
}

/** Frames over a port. */
export function openPortChannel(port: BarePort): Channel {
  const closeListeners: (() => void)[] = [];
  let isClosed = false;
  const markClosed = (): void => {
    if (isClosed) return;
    isClosed = true;
    port.close();
    for (const listener of closeListeners) listener();
  };
  const leave = (): void => {
    if (!isClosed) port.postMessage(PORT_GOODBYE);
    markClosed();
  };
  port.onClose(markClosed);
  return {
    post(frame) {
      if (!isClosed) port.postMessage(JSON.stringify(frame));
    },
    onFrame(listener) {
      port.onMessage((message) => {
        if (isClosed) return;
        if (message === PORT_GOODBYE) return markClosed();
        const frame = parseFrame(message);
        if (frame === undefined) leave();
        else listener(frame);
      });
    },
    onClose: (listener) => void closeListeners.push(listener),
    close: leave,
  };
}
