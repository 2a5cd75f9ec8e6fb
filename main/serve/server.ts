import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { asFileFault } from '../../common/file-fault.ts';
import { FaultError } from '../../common/fault.ts';
import type { App } from '../app.ts';
import { SECURITY_HEADERS } from '../resources/content-security.ts';
import { makeEntryPage } from './entry-page.ts';
import { cookieName, findRefusal, readTokenFromUrl, type Refusal } from './guard.ts';
import { sendResponse, toRequest } from './http-request.ts';
import { makeSessionToken, type SessionToken } from './session-token.ts';
import { makeSocketChannel } from './socket-channel.ts';

/** Frames are small: pixels and files do not travel in them. The largest is a text that somebody edits. */
const MAX_FRAME_BYTES = 64 * 1024 ** 2;
const RPC_PATH = '/rpc';
const LOOPBACK = '127.0.0.1';

/** What of the app a server needs. */
export type ServedApp = Pick<App, 'attach' | 'handleRequest'>;

/** The app in a browser of this machine. */
export interface AppServer {
  readonly port: number;
  /** Opens the window; holds the token. */
  readonly url: string;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** 0, which is the default: one that is free. */
  readonly port?: number;
  /** Default: a new one. */
  readonly token?: SessionToken;
}

/**
 * Serves the app on 127.0.0.1, to whoever has the token.
 *
 * @throws FaultError when the port is taken or not allowed
 */
export async function startServer(app: ServedApp, options: ServerOptions = {}): Promise<AppServer> {
  const { port: wantedPort = 0, token = makeSessionToken() } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const server = createServer((request, response) => {
    void answer(app, request, response, port, token).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    // A peer that resets the connection meanwhile is no defect.
    socket.on('error', () => socket.destroy());
    if (mayConnect(request, port, token))
      sockets.handleUpgrade(request, socket, head, (ws) => app.attach(makeSocketChannel(ws)));
    else refuseUpgrade(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(describeListenError(error, wantedPort)));
    server.listen(wantedPort, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${LOOPBACK}:${port}/?token=${token.text}`,
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Browsers always say where a page that opens a socket comes from. */
function mayConnect(request: IncomingMessage, port: number, token: SessionToken): boolean {
  return (
    request.url === RPC_PATH &&
    request.headers.origin !== undefined &&
    findRefusal(request, port, token) === undefined
  );
}

function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

async function answer(
  app: ServedApp,
  incoming: IncomingMessage,
  response: ServerResponse,
  port: number,
  token: SessionToken,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  const refusal = findRefusal(incoming, port, token);
  const offered = readTokenFromUrl(incoming);
  if (offered !== undefined && refusal !== 'host' && token.matches(offered))
    return enter(response, port, token);
  if (refusal === 'token' && incoming.headers.accept?.includes('text/html') === true)
    return askForToken(response);
  if (refusal !== undefined) return refuse(response, refusal);
  const request = toRequest(incoming, port);
  if (request === undefined) return refuse(response, 'address');
  await sendResponse(await app.handleRequest(request), response, incoming.method === 'HEAD');
}

/** A browser that was sent here without the token, or with one of an earlier start. */
function askForToken(response: ServerResponse): void {
  const { html, headers } = makeEntryPage();
  response.writeHead(403, { ...headers, 'Cache-Control': 'no-store' });
  response.end(html);
}

/** The token leaves the address bar, the history and every later request line. */
function enter(response: ServerResponse, port: number, token: SessionToken): void {
  response.writeHead(303, {
    Location: '/',
    'Set-Cookie': `${cookieName(port)}=${token.text}; HttpOnly; SameSite=Strict; Path=/`,
    'Cache-Control': 'no-store',
  });
  response.end();
}

const REFUSALS: Readonly<Record<Refusal | 'address', readonly [number, string]>> = {
  host: [403, 'Refused.\n'],
  origin: [403, 'Refused.\n'],
  token: [
    403,
    'This window has no token, or one of an earlier start. Open the address that "outerloop serve" printed.\n',
  ],
  address: [400, 'The address or the method is not one of this program.\n'],
};

function refuse(response: ServerResponse, reason: Refusal | 'address'): void {
  const [status, text] = REFUSALS[reason];
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(text);
}

function describeListenError(error: Error, port: number): unknown {
  const code = 'code' in error ? error.code : undefined;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return asFileFault(error, `port ${port}`);
  return new FaultError({
    code: 'usage',
    argument: '--port',
    message:
      code === 'EACCES'
        ? `Port ${port} is kept for the system.`
        : `Port ${port} is in use by another program.`,
    allowed: 'another port, or no --port for one that is free',
  });
}
