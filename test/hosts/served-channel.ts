import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Channel } from '../../common/rpc/channel.ts';
import type { AppServer } from '../../main/serve/server.ts';
import { startServer } from '../../main/serve/server.ts';
import { makeSocketChannel } from '../../main/serve/socket-channel.ts';
import type { ChannelPair } from '../contracts/channel.contract.ts';

/** A real server that only connects, and what opens pairs through it. */
export interface ServedChannels {
  open(): Promise<ChannelPair>;
  close(): Promise<void>;
}

export async function serveChannels(): Promise<ServedChannels> {
  const attached: Channel[] = [];
  const server = await startServer({
    attach: (channel) => void attached.push(channel),
    handleRequest: async () => new Response('nothing'),
  });
  return {
    async open() {
      const socket = await dial(server);
      const main = attached.pop()!;
      return { window: makeSocketChannel(socket), main, sendRaw: (message) => socket.send(message) };
    },
    close: () => server.close(),
  };
}

/** Comes in as the window does: with the cookie for the token and its own origin. */
export async function dial(server: AppServer): Promise<WebSocket> {
  const { origin } = new URL(server.url);
  const entry = await fetch(server.url, { redirect: 'manual' });
  const cookie = entry.headers.get('set-cookie')!.split(';')[0]!;
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { origin, headers: { cookie } });
  await once(socket, 'open');
  return socket;
}
