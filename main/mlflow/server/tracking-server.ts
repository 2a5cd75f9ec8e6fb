import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultError } from '../../../common/fault.ts';
import { MLflowError } from '../../../common/mlflow/error.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import {
  ClientGone,
  FileAnswer,
  sendError,
  sendFile,
  sendJson,
  sendStream,
  sendText,
  StreamAnswer,
  TextAnswer,
  toMLflowError,
} from './http/answer.ts';
import { checkToken, findIntruder } from './http/guard.ts';
import { Router } from './http/router.ts';
import { makeArtifactRoutes } from './routes/artifacts.ts';
import { makeExperimentRoutes } from './routes/experiments.ts';
import { makeLoggedModelRoutes } from './routes/logged-models.ts';
import { makeLoggingRoutes } from './routes/logging.ts';
import { makeMetricRoutes } from './routes/metrics.ts';
import { makeModelVersionRoutes } from './routes/model-versions.ts';
import { makeProxiedArtifactRoutes } from './routes/proxied-artifacts.ts';
import { makeRegisteredModelRoutes } from './routes/registered-models.ts';
import { makeRunRoutes } from './routes/runs.ts';
import { SERVER_INFO_ROUTES } from './routes/server-info.ts';

// an import would read all that the module has, an HTTP client among it, which costs a fifth of the start
const { createServer } = process.getBuiltinModule('node:http');

export interface TrackingServerOptions {
  readonly store: TrackingStore;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** What every request must bring; undefined lets every program of this machine in. */
  readonly token: string | undefined;
  /** Is told of what should not happen. */
  readonly onDefect?: (error: unknown) => void;
}

export interface RunningTrackingServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, ends those that go on, and leaves the store open. */
  close(): Promise<void>;
}

/** Filters and lists of runs stand in the address of a GET. */
const MOST_HEADER_BYTES = 256 * 1024;
/** A slow disk or a paused upload may take its time; a client that never ends its headers may not. */
const HEADERS_TIMEOUT_MS = 30_000;

/** The routes for a store, all of MLflow's that tracking and the registry need. */
function makeRouter(store: TrackingStore): Router {
  const parts = [
    makeExperimentRoutes,
    makeRunRoutes,
    makeLoggingRoutes,
    makeMetricRoutes,
    makeArtifactRoutes,
    makeLoggedModelRoutes,
    makeRegisteredModelRoutes,
    makeModelVersionRoutes,
    makeProxiedArtifactRoutes,
  ];
  return new Router([...SERVER_INFO_ROUTES, ...parts.flatMap((makeRoutes) => makeRoutes(store))]);
}

/**
 * Serves a tracking store over MLflow's REST protocol, to this machine alone (127.0.0.1).
 *
 * @throws {FaultError} where the port is taken.
 */
export async function startTrackingServer(options: TrackingServerOptions): Promise<RunningTrackingServer> {
  const router = makeRouter(options.store);
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: 0,
      noDelay: true,
    },
    (request, response) => void serve(router, options, request, response),
  );
  await listen(server, options.port ?? 0);
  void options.store.artifacts.sweep(Date.now());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, close: () => close(server) };
}

async function serve(
  router: Router,
  { token, onDefect }: TrackingServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await answer(router, token, request, response);
  } catch (error) {
    // a client that went away in the middle needs no answer
    if (error instanceof ClientGone || response.destroyed || (request.destroyed && !request.complete))
      return void response.destroy();
    const known = toMLflowError(error);
    if (known.code === 'INTERNAL_ERROR' && !(error instanceof MLflowError)) onDefect?.(error);
    if (response.headersSent) response.destroy();
    else sendRefusal(request, response, known);
  }
}

async function answer(
  router: Router,
  token: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const intruder = findIntruder(request);
  if (intruder !== undefined) return sendText(response, intruder);
  // two slashes at the beginning would be taken for a host
  const path = (request.url ?? '/').replace(/^\/+/, '/');
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const found = router.find(request.method ?? 'GET', pathname);
  if (found === undefined || !('route' in found) || found.route.isOpen !== true) checkToken(request, token);
  if (found === undefined) throw new MLflowError('ENDPOINT_NOT_FOUND', `There is no ${pathname} here.`);
  if (!('route' in found))
    return sendJson(
      response,
      405,
      { error_code: 'BAD_REQUEST', message: 'The method is not allowed for the requested URL.' },
      { allow: found.allowed.join(', ') },
    );
  const result = await found.route.answer({ request, query: searchParams, place: found.place });
  if (result instanceof FileAnswer) await sendFile(request, response, result);
  else if (result instanceof StreamAnswer) await sendStream(response, result);
  else if (result instanceof TextAnswer) sendText(response, result);
  else sendJson(response, 200, result);
}

/** Says no. A body that was not read to its end would be taken for the next request: the connection ends with it. */
function sendRefusal(request: IncomingMessage, response: ServerResponse, error: MLflowError): void {
  if (!request.complete) response.setHeader('connection', 'close');
  sendError(response, error);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      const fault = {
        code: 'usage',
        message: `Port ${port} cannot be used: ${error.code}.`,
        argument: '--port',
      } as const;
      reject(isTaken ? new FaultError(fault) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
