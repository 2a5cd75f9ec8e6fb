import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestHandler } from '../resources/handle-request.ts';
import { sendResponse, toRequest } from '../serve/http-request.ts';
import { makeSessionToken } from '../serve/session-token.ts';

/** The header that Electron's requests carry. */
export const SECRET_HEADER = 'outerloop-secret';

/**
 * Answers Electron's requests for volumes, downloads and uploads over a socket file or a named pipe: no port of the
 * machine is open. Others who find the pipe do not have the secret.
 *
 * @returns closes it
 */
export async function listenOnPipe(
  pipe: string,
  secret: string,
  handleRequest: RequestHandler,
): Promise<() => Promise<void>> {
  const token = makeSessionToken(secret);
  const server = createServer((incoming, outgoing) => {
    const offered = incoming.headers[SECRET_HEADER];
    const request = toRequest(incoming, 0);
    if (typeof offered !== 'string' || !token.matches(offered) || request === undefined) {
      outgoing.writeHead(403).end();
      return;
    }
    void handleRequest(request)
      .then((response) => sendResponse(response, outgoing, incoming.method === 'HEAD'))
      .catch(() => outgoing.destroy());
  });
  // One that a process which was killed has left behind.
  if (process.platform !== 'win32') rmSync(pipe, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(pipe, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
