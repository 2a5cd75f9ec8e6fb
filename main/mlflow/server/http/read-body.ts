import type { IncomingMessage } from 'node:http';
import { invalidParameter, MLflowError } from '../../../../common/mlflow/error.ts';

/** The largest JSON request: a data set's profile alone may have 16 million characters. */
export const MOST_BODY_BYTES = 24 * 1024 * 1024;

/** A body that is larger than this server takes; answered with status 413. */
export class BodyTooLarge extends MLflowError {
  constructor(limitBytes: number) {
    super('INVALID_PARAMETER_VALUE', `The request has more than ${limitBytes} bytes.`);
  }

  override get httpStatus(): number {
    return 413;
  }
}

/** The whole body, `limitBytes` at most. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw new BodyTooLarge(limitBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw new BodyTooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body's JSON object; an empty one where there is no body. Old clients send it as a JSON text within JSON. */
export async function readJsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  checkContentType(request);
  const content = (await readBody(request, MOST_BODY_BYTES)).toString('utf8');
  if (content.trim() === '') return {};
  const value = parseJson(content);
  const json = typeof value === 'string' ? parseJson(value) : value;
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalidParameter('The body of the request is no JSON object.');
  return json as Record<string, unknown>;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw invalidParameter('The body of the request is no JSON.');
  }
}

function checkContentType({ method, headers }: IncomingMessage): void {
  if (method !== 'POST' && method !== 'PUT') return;
  const type = headers['content-type'];
  if (type === undefined) throw invalidParameter('Bad Request. Content-Type header is missing.');
  if (type.split(';')[0]!.trim() !== 'application/json')
    throw invalidParameter("Bad Request. Content-Type must be one of ['application/json'].");
}
