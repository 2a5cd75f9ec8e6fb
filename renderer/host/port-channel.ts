import type { Channel } from '../../common/rpc/channel.ts';

/** A message that tells the other side of a port that this one has gone: ports themselves do not say so everywhere. */
const GOODBYE = 'goodbye';

/** Frames over a MessagePort. They are cloned, so they have to be JSON values, as over a socket. */
export function makePortChannel(port: MessagePort): Channel {
  const closeListeners: (() => void)[] = [];
  let isClosed = false;
  const markClosed = (): void => {
    if (isClosed) return;
    isClosed = true;
    port.close();
    for (const listener of closeListeners) listener();
  };
  port.addEventListener('close', markClosed);
  return {
    post(frame) {
      if (!isClosed) port.postMessage(frame);
    },
    onFrame(listener) {
      port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (data === GOODBYE) markClosed();
        else listener(data);
      });
      port.start();
    },
    onClose: (listener) => void closeListeners.push(listener),
    close() {
      if (!isClosed) port.postMessage(GOODBYE);
      markClosed();
    },
  };
}
