import type { WebSocket } from 'ws';
import type { Channel } from '../../common/rpc/channel.ts';

/** Frames as JSON texts over a WebSocket. A message that is no JSON closes it. */
export function makeSocketChannel(socket: WebSocket): Channel {
  return {
    post(frame) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
    },
    onFrame(listener) {
      socket.on('message', (data, isBinary) => {
        let frame: unknown;
        try {
          frame = isBinary ? undefined : JSON.parse(String(data));
        } catch {
          frame = undefined;
        }
        if (frame === undefined) socket.close(1003);
        else listener(frame);
      });
    },
    onClose(listener) {
      socket.once('close', listener);
      // An error is followed by the close.
      socket.on('error', () => undefined);
    },
    close: () => socket.close(),
  };
}
