import type { WebSocket } from 'ws';
import { parseFrame, type Channel } from '../../common/rpc/channel.ts';

/** The close code of a peer that sent what is no frame. */
const UNSUPPORTED_DATA = 1003;

/** Frames as JSON texts over a WebSocket. A message that is no JSON closes it. */
export function makeSocketChannel(socket: WebSocket): Channel {
  return {
    post(frame) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
    },
    onFrame(listener) {
      socket.on('message', (data, isBinary) => {
        // After this side has closed, the other may still be sending.
        if (socket.readyState !== socket.OPEN) return;
        const frame = isBinary ? undefined : parseFrame(String(data));
        if (frame === undefined) socket.close(UNSUPPORTED_DATA);
        else listener(frame);
      });
    },
    onClose(listener) {
      socket.once('close', () => listener());
      // An error is followed by the close.
      socket.on('error', () => undefined);
    },
    close: () => socket.close(),
  };
}
