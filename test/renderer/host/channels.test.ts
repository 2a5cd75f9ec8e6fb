// @vitest-environment node
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSocketChannel } from '../../../main/serve/socket-channel.ts';
import { makePortChannel } from '../../../renderer/host/port-channel.ts';
import { dialSocket } from '../../../renderer/host/socket-channel.ts';
import { describeChannel } from '../../contracts/channel.contract.ts';

// The window's own ends, over the ports and sockets that Node has in common with browsers.
let server: WebSocketServer;
const address = (): string => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
});
afterAll(() => server.close());

describeChannel({
  name: "a page's port",
  open: async () => {
    const { port1, port2 } = new MessageChannel();
    return {
      window: makePortChannel(port1),
      main: makePortChannel(port2),
      sendRaw: (message) => port1.postMessage(message),
    };
  },
});

describeChannel({
  name: "a page's socket",
  open: async () => {
    const accepted = once(server, 'connection') as Promise<[ServerSocket]>;
    const window = await dialSocket(address());
    const [socket] = await accepted;
    return { window: makeSocketChannel(socket), main: window, sendRaw: (message) => socket.send(message) };
  },
});

describe("a page's socket", () => {
  it('rejects when nobody is there', async () => {
    await expect(dialSocket('ws://127.0.0.1:9')).rejects.toThrow('cannot be reached');
  });
});
