import {
  createServer,
  request as sendRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to one request. `lost`: the server carries it out, and its answer never comes. */
export type Trouble =
  | { readonly kind: 'none' }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'broken' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'late'; readonly delayMs: number };

/** A proxy that troubles the requests to a server which may be replaced while it runs. */
export interface ChaosProxy {
  readonly url: string;
  /** Requests so far, by their kind of trouble. */
  readonly counts: Readonly<Record<string, number>>;
  /** What the next requests meet; `path` is the request's. */
  trouble: (path: string) => Trouble;
  target: string;
  close(): Promise<void>;
}

export async function startChaosProxy(target: string): Promise<ChaosProxy> {
  const counts: Record<string, number> = {};
  const server: Server = createServer((message, response) => {
    const trouble = proxy.trouble(message.url ?? '');
    const name = trouble.kind === 'status' ? String(trouble.status) : trouble.kind;
    counts[name] = (counts[name] ?? 0) + 1;
    void meet(trouble, proxy.target, message, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    trouble: (_path: string): Trouble => ({ kind: 'none' }),
    target,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

async function meet(
  trouble: Trouble,
  target: string,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // the whole of it first, so that a request is carried out even when its sender has gone
  const body = await buffer(message).catch(() => undefined);
  if (body === undefined) return;
  switch (trouble.kind) {
    case 'broken':
      response.destroy();
      return;
    case 'status':
      response.writeHead(trouble.status, {
        'content-type': 'application/json',
        ...(trouble.retryAfter === undefined ? {} : { 'retry-after': trouble.retryAfter }),
      });
      response.end('{"error_code": "TROUBLE", "message": "made by the test"}');
      return;
    case 'late':
      await sleep(trouble.delayMs);
      break;
    default:
      break;
  }
  forward(target, message, body, response, trouble.kind === 'lost');
}

function forward(
  target: string,
  message: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  isLost: boolean,
): void {
  const { host: _host, connection: _connection, ...headers } = message.headers;
  const onward = sendRequest(
    `${target}${message.url ?? ''}`,
    { method: message.method ?? 'GET', headers, agent: false },
    (answer) => {
      if (isLost) {
        answer.resume();
        answer.on('end', () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  onward.end(body);
}
