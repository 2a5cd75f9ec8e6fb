import type { Channel } from '../../common/rpc/channel.ts';
import { openPortChannel } from '../../common/rpc/port-channel.ts';

/** Frames over a port of the page. */
export function makePortChannel(port: MessagePort): Channel {
  return openPortChannel({
    postMessage: (message) => port.postMessage(message),
    onMessage(listener) {
      port.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data));
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', listener),
    close: () => port.close(),
  });
}
