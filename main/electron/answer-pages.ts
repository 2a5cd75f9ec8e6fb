import type { Protocol } from 'electron';
import { makeRequestHandler, type RequestHandler } from '../resources/handle-request.ts';
import { APP_SCHEME, isOwnAddress } from './app-address.ts';

export interface PageParts {
  readonly protocol: Pick<Protocol, 'handle'>;
  /** Absolute path of the built window. */
  readonly uiFolder: string;
  /** Answers what the program behind has: everything below /resource/. */
  readonly forward: RequestHandler;
  readonly onDefect: (error: unknown, operation: string) => string;
}

/** Answers the window's addresses with the same headers as `serve`, and refuses file:// altogether. */
export function answerPages({ protocol, uiFolder, forward, onDefect }: PageParts): void {
  const answerUi = makeRequestHandler({ uiFolder, routes: [], onDefect });
  protocol.handle(APP_SCHEME, async (request) => {
    if (!isOwnAddress(request.url)) return new Response('Refused.', { status: 403 });
    if (!new URL(request.url).pathname.startsWith('/resource/')) return answerUi(request);
    // It has gone, or it goes: the window is told by its line, and asks again.
    return forward(request).catch(() => new Response('The program does not answer.', { status: 503 }));
  });
  protocol.handle('file', () => new Response('Refused.', { status: 403 }));
}
