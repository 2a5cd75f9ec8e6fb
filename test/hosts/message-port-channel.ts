import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Channel } from '../../common/rpc/channel.ts';
import { openPortChannel } from '../../common/rpc/port-channel.ts';
import type { ChannelPair } from '../contracts/channel.contract.ts';

/** Two ends over the message ports of Node. */
export async function openPortPair(): Promise<ChannelPair> {
  const { port1, port2 } = new MessageChannel();
  return { window: wrap(port1), main: wrap(port2), sendRaw: (message) => port1.postMessage(message) };
}

function wrap(port: MessagePort): Channel {
  return openPortChannel({
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  });
}
