import { FaultError } from '../../common/fault.ts';
import { SECURITY_HEADERS } from './content-security.ts';
import { BodyTooLong, limitBody } from './limit-body.ts';
import { DEFAULT_MAX_BODY_BYTES, type ResourceRoute } from './resource-route.ts';
import { answerUiFile } from './ui-files.ts';

/** Makes an answer to every request of the window that is no call: the same in Electron (`app://`) and over HTTP. */
export type RequestHandler = (request: Request) => Promise<Response>;

export interface RequestHandlerParts {
  /** Absolute path of the built window; undefined where another handler has it. */
  readonly uiFolder: string | undefined;
  readonly routes: readonly ResourceRoute[];
  /** Hears of defects and names them. */
  readonly onDefect: (error: unknown, operation: string) => string;
}

/** Who may ask is decided before, by the host: `serve` looks at cookie, Host and Origin; Electron at the frame. */
export function makeRequestHandler(parts: RequestHandlerParts): RequestHandler {
  const routes = new Map(parts.routes.map((route) => [route.noun, route]));
  return async (request) => {
    const response = await answer(request, parts, routes);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
    return response;
  };
}

async function answer(
  request: Request,
  { uiFolder, onDefect }: RequestHandlerParts,
  routes: ReadonlyMap<string, ResourceRoute>,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [first, noun, ...rest] = pathname.slice(1).split('/');
  try {
    if (first === 'resource') {
      const route = routes.get(noun ?? '');
      if (route !== undefined) {
        const limited = limitBody(request, route.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
        return await route.handle(limited, rest.map(decodeURIComponent));
      }
    } else if (uiFolder !== undefined && (request.method === 'GET' || request.method === 'HEAD')) {
      const file = await answerUiFile(uiFolder, pathname);
      if (file !== undefined) return request.method === 'HEAD' ? new Response(null, file) : file;
    }
    return Response.json({ message: 'There is nothing at this address.' }, { status: 404 });
  } catch (error) {
    if (error instanceof FaultError) {
      const status = error.faults[0]?.code === 'file-missing' ? 404 : 400;
      return Response.json({ message: error.message, faults: error.faults }, { status });
    }
    if (error instanceof BodyTooLong) return Response.json({ message: error.message }, { status: 413 });
    if (error instanceof URIError)
      return Response.json({ message: 'The address is not written correctly.' }, { status: 400 });
    const correlation = onDefect(error, `resource ${noun ?? ''}`);
    return Response.json(
      { message: `Something went wrong inside the program. The log names it ${correlation}.` },
      { status: 500 },
    );
  }
}
