import { request as ask, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { SECRET_HEADER } from '../backend/request-pipe.ts';
import type { RequestHandler } from '../resources/handle-request.ts';

/** Of the page's request, what the program behind needs. */
const PASSED_HEADERS = [
  'content-type',
  'content-length',
  'range',
  'if-none-match',
  'if-modified-since',
  'accept',
];
/** They belong to one connection. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding'];

/** Lets the program behind answer, over its pipe; bodies are streamed both ways. */
export function forwardRequests(pipe: string, secret: string): RequestHandler {
  return (request) =>
    new Promise((resolve, reject) => {
      const { pathname, search } = new URL(request.url);
      const headers: Record<string, string> = { [SECRET_HEADER]: secret };
      for (const name of PASSED_HEADERS) {
        const value = request.headers.get(name);
        if (value !== null) headers[name] = value;
      }
      const outgoing = ask(
        {
          socketPath: pipe,
          path: `${pathname}${search}`,
          method: request.method,
          headers,
          signal: request.signal,
        },
        (incoming) => resolve(toResponse(incoming)),
      );
      outgoing.on('error', reject);
      if (request.body === null) outgoing.end();
      else
        Readable.fromWeb(request.body as ReadableStream)
          .on('error', (error) => outgoing.destroy(error))
          .pipe(outgoing);
    });
}

/** Statuses whose answers may not have a body. */
const BODILESS = [204, 205, 304];

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined && !HOP_HEADERS.includes(name))
      headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const status = incoming.statusCode ?? 502;
  const body = BODILESS.includes(status) ? null : (Readable.toWeb(incoming) as ReadableStream);
  if (body === null) incoming.resume();
  return new Response(body as ConstructorParameters<typeof Response>[0], { status, headers });
}
