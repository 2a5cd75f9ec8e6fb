import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { App } from '../app.ts';
import { cookieName, findRefusal, readTokenFromUrl } from './guard.ts';
import { sendResponse, toRequest } from './http-request.ts';
import { makeSessionToken, type SessionToken } from './session-token.ts';
import { makeSocketChannel } from './socket-channel.ts';

/** Frames are small: pixels and files do not travel in them. */
const MAX_FRAME_BYTES = 8 * 1024 ** 2;
const RPC_PATH = '/rpc';
const LOOPBACK = '127.0.0.1';

/** The app in a browser of this machine. */
export interface AppServer {
  readonly port: number;
  /** Opens the window; holds the token. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the app on 127.0.0.1, to whoever has the token.
 *
 * @param port 0: one that is free
 */
export async function startServer(app: App, port = 0): Promise<AppServer> {
  const token = makeSessionToken();
  const server = createServer((request, response) => {
    void answer(app, request, response, actualPort(), token).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const actualPort = (): number => (server.address() as AddressInfo).port;
  server.on('upgrade', (request, socket, head) => {
    const isOurs = request.url === RPC_PATH && request.headers.origin !== undefined;
    if (!isOurs || findRefusal(request, actualPort(), token) !== undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => app.attach(makeSocketChannel(ws)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  return {
    port: actualPort(),
    url: `http://${LOOPBACK}:${actualPort()}/?token=${token.text}`,
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  token: SessionToken,
): Promise<void> {
  const refusal = findRefusal(request, port, token);
  if (refusal === undefined) return sendResponse(await app.handleRequest(toRequest(request, port)), response);
  if (refusal === 'token' && token.matches(readTokenFromUrl(request))) {
    // The token leaves the address bar, the history and every later request line.
    response.writeHead(303, {
      Location: '/',
      'Set-Cookie': `${cookieName(port)}=${token.text}; HttpOnly; SameSite=Strict; Path=/`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
    });
    response.end();
    return;
  }
  response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(
    refusal === 'token'
      ? 'This window has no token, or one of an earlier start. Open the address that "outerloop serve" printed.\n'
      : 'Refused.\n',
  );
}
