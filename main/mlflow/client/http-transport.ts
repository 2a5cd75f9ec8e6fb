import { request as requestHttp, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as requestHttps, Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getCACertificates } from 'node:tls';
import { failureOfAnswer, failureOfError, TrackingFailure } from './tracking-failure.ts';
import type { Credentials, TrackingTarget } from './tracking-target.ts';

/** A file's bytes, opened anew for each attempt. */
export interface UploadBody {
  readonly sizeBytes: number;
  open(): Readable;
}

/** One call. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the server's address, encoded: `/api/2.0/mlflow/runs/get?run_id=x`. */
  readonly path: string;
  readonly json?: unknown;
  readonly upload?: UploadBody;
  /** Silence after which the call has failed. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** An answer whose body has not been read. */
export interface OpenAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Readable;
}

/** Speaks HTTP with one server; connections are kept and used again. */
export class HttpTransport {
  readonly #target: TrackingTarget;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(target: TrackingTarget) {
    this.#target = target;
    const connections = { keepAlive: true, maxSockets: 4 };
    this.#agent = target.url.startsWith('https:')
      ? new HttpsAgent({ ...connections, ...trust(target) })
      : new HttpAgent(connections);
  }

  /**
   * Sends a call once and gives a successful answer.
   *
   * @throws TrackingFailure for everything else; what `signal` was aborted with when it was
   */
  async open(call: HttpCall): Promise<OpenAnswer> {
    call.signal?.throwIfAborted();
    try {
      const answer = await this.#send(call);
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300)
        return { status, contentType: answer.headers['content-type'] ?? '', body: answer };
      const text = await readText(answer);
      throw failureOfAnswer(status, text, answer.headers['retry-after'], Date.now());
    } catch (error) {
      call.signal?.throwIfAborted();
      throw failureOfError(error);
    }
  }

  /** As {@link open}, with the whole body as text. */
  async exchange(call: HttpCall): Promise<string> {
    const answer = await this.open(call);
    try {
      return await readText(answer.body);
    } catch (error) {
      call.signal?.throwIfAborted();
      throw failureOfError(error);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(call: HttpCall): Promise<IncomingMessage> {
    const { method, path, json, upload, timeoutMs, signal } = call;
    const payload = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
    const url = new URL(`${this.#target.url}${path}`);
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      const request = send(url, {
        method,
        agent: this.#agent,
        headers: { ...authorize(this.#target.credentials), ...describeBody(payload, upload) },
        timeout: timeoutMs,
        ...(signal === undefined ? {} : { signal }),
      });
      request.on('response', resolve);
      request.on('error', reject);
      request.on('timeout', () =>
        request.destroy(
          new TrackingFailure('timeout', `the server did not answer within ${timeoutMs / 1000} seconds`),
        ),
      );
      if (upload === undefined) request.end(payload);
      else pipeline(upload.open(), request).catch(reject);
    });
  }
}

/** A site's own authority is often installed on the machine: Node alone would not look there. */
function trust({ ca, insecureTls }: TrackingTarget): { ca: string[]; rejectUnauthorized: boolean } {
  const known = [...getCACertificates('default'), ...getCACertificates('system')];
  return { ca: ca === undefined ? known : [...known, ca], rejectUnauthorized: insecureTls !== true };
}

function authorize(credentials: Credentials): Record<string, string> {
  switch (credentials.kind) {
    case 'none':
      return {};
    case 'bearer':
      return { authorization: `Bearer ${credentials.token}` };
    case 'basic': {
      const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
      return { authorization: `Basic ${pair}` };
    }
  }
}

function describeBody(
  payload: Buffer | undefined,
  upload: UploadBody | undefined,
): Record<string, string | number> {
  if (payload !== undefined) return { 'content-type': 'application/json', 'content-length': payload.length };
  if (upload !== undefined)
    return { 'content-type': 'application/octet-stream', 'content-length': upload.sizeBytes };
  return {};
}

async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
