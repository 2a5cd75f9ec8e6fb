import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one request gets. */
export type Reply =
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly text?: string;
      readonly headers?: Record<string, string>;
    }
  /** The connection breaks without an answer. */
  | 'broken'
  /** No answer ever. */
  | 'silent';

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A server on the loopback that answers as it is told, one reply per request; the last one is for all further ones. */
export interface FlakyServer {
  readonly url: string;
  readonly requests: readonly Request[];
  reply(...replies: readonly Reply[]): void;
  close(): Promise<void>;
}

export async function startFlakyServer(): Promise<FlakyServer> {
  const requests: Request[] = [];
  let replies: readonly Reply[] = [{ status: 200, body: {} }];
  const server: Server = createServer((message, response) => {
    void readBody(message).then((body) => {
      const { method = '', url = '', headers } = message;
      requests.push({ method, url, authorization: headers.authorization, body });
      const [next, ...rest] = replies;
      if (rest.length > 0) replies = rest;
      answer(response, next!);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    reply: (...next) => void (replies = next),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, reply: Reply): void {
  if (reply === 'silent') return;
  if (reply === 'broken') {
    response.destroy();
    return;
  }
  const { status, body, text, headers } = reply;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text ?? JSON.stringify(body ?? {}));
}
