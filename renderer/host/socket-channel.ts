import { parseFrame, type Channel } from '../../common/rpc/channel.ts';

/** The program is there and does not know this browser: it was started anew with another token. */
export class LockedOut extends Error {
  constructor() {
    super('The program does not know this browser.');
  }
}

/** A channel over a WebSocket. Rejects when the server is not there or refuses. */
export function dialSocket(address: string): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    socket.addEventListener('open', () => resolve(makeSocketChannel(socket)), { once: true });
    socket.addEventListener('error', () => reject(new Error('The program cannot be reached.')), {
      once: true,
    });
  });
}

/** Frames as JSON texts. */
function makeSocketChannel(socket: WebSocket): Channel {
  return {
    post(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    onFrame(listener) {
      socket.addEventListener('message', ({ data }) => {
        // After this side has closed, the other may still be sending.
        if (socket.readyState !== WebSocket.OPEN) return;
        const frame = parseFrame(data);
        if (frame === undefined) socket.close();
        else listener(frame);
      });
    },
    onClose(listener) {
      socket.addEventListener('close', () => listener(), { once: true });
    },
    close: () => socket.close(),
  };
}
