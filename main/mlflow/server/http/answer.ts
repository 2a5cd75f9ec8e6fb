import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { formatFault, FaultError, type FaultCode } from '../../../../common/fault.ts';
import { findFileFault } from '../../../../common/file-fault.ts';
import { MLflowError, type MLflowErrorCode } from '../../../../common/mlflow/error.ts';
import { writeAndRelease } from '../../../node/release-memory.ts';
import type { OpenArtifact } from '../../artifacts/artifact-store.ts';

/** A file as an answer, sent as a download so that no browser shows it as a page of this server. */
export class FileAnswer {
  readonly artifact: OpenArtifact;
  readonly name: string;

  constructor(artifact: OpenArtifact, name: string) {
    this.artifact = artifact;
    this.name = name;
  }
}

/** A short answer that is no JSON. */
export class TextAnswer {
  readonly text: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(content: string, status = 200, headers: Readonly<Record<string, string>> = {}) {
    this.text = content;
    this.status = status;
    this.headers = headers;
  }
}

/** JSON that is written as it is made, for answers that are too long to be held. */
export class StreamAnswer {
  /** Each chunk is used up before the next one is asked for. */
  readonly chunks: Iterable<Uint8Array, void, void>;

  constructor(chunks: Iterable<Uint8Array, void, void>) {
    this.chunks = chunks;
  }
}

/** What went wrong with the store, in MLflow's codes. */
const FAULT_CODES: Readonly<Partial<Record<FaultCode, MLflowErrorCode>>> = {
  'store-locked': 'TEMPORARILY_UNAVAILABLE',
  'disk-full': 'RESOURCE_EXHAUSTED',
  'store-read-only': 'PERMISSION_DENIED',
  'store-revision': 'PERMISSION_DENIED',
  'file-unwritable': 'PERMISSION_DENIED',
};

/** What an error means to a client; anything unexpected is said without its text, which may name places here. */
export function toMLflowError(error: unknown): MLflowError {
  if (error instanceof MLflowError) return error;
  if (error instanceof FaultError) {
    const fault = error.faults[0]!;
    return new MLflowError(FAULT_CODES[fault.code] ?? 'INTERNAL_ERROR', formatFault(fault));
  }
  const fault = findFileFault(error, 'artifacts');
  if (fault !== undefined)
    return new MLflowError(FAULT_CODES[fault.code] ?? 'INTERNAL_ERROR', formatFault(fault));
  return new MLflowError('INTERNAL_ERROR', 'An unexpected error occurred in the tracking server.');
}

/** MLflow's JSON is indented; what is long is read by programs only. */
const LONGEST_INDENTED_LIST = 100;

export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  const isLong = Object.values(body).some(
    (value) => Array.isArray(value) && value.length > LONGEST_INDENTED_LIST,
  );
  send(response, status, 'application/json', JSON.stringify(body, null, isLong ? undefined : 2), headers);
}

export function sendError(response: ServerResponse, error: MLflowError, status = error.httpStatus): void {
  const challenge: Record<string, string> =
    status === 401 ? { 'www-authenticate': 'Bearer realm="mlflow"' } : {};
  sendJson(response, status, { error_code: error.code, message: error.message }, challenge);
}

export function sendText(response: ServerResponse, { text, status, headers }: TextAnswer): void {
  send(response, status, 'text/html; charset=utf-8', text, headers);
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  content: string,
  headers: Readonly<Record<string, string>>,
): void {
  const bytes = Buffer.from(content);
  response.writeHead(status, {
    'content-type': type,
    'content-length': bytes.length,
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}

/** Sends chunk after chunk, as fast as they are taken. What goes wrong before the first one is still answered. */
export async function sendStream(response: ServerResponse, { chunks }: StreamAnswer): Promise<void> {
  const iterator = chunks[Symbol.iterator]();
  let chunk = iterator.next();
  response.writeHead(200, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
  try {
    for (; chunk.done !== true && response.req.method !== 'HEAD'; chunk = iterator.next())
      await write(response, chunk.value);
  } finally {
    iterator.return?.();
  }
  response.end();
}

/** The connection ended before the answer did, by whatever name the system gives that. Nobody is left to be told. */
export class ClientGone extends Error {}

/** Writes bytes of an answer; settles when the system has taken them. @throws ClientGone */
function write(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: Error): void => reject(new ClientGone('The client is gone.', { cause }));
    // written to after its end, a response raises an error that nobody hears
    if (response.destroyed) return fail();
    const failAtEnd = (): void => fail();
    response.once('close', failAtEnd);
    response.write(bytes, (error) => {
      response.off('close', failAtEnd);
      if (error instanceof Error) fail(error);
      else resolve();
    });
  });
}

/** Sends a file, or the one range of it that was asked for. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { artifact, name }: FileAnswer,
): Promise<void> {
  const range = findRange(request.headers.range, artifact.sizeBytes);
  const headers = {
    'content-type': typeOf(name),
    'content-disposition': `attachment; ${describeName(name)}`,
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
  };
  if (range === 'unfit') {
    response.writeHead(416, { 'content-range': `bytes */${artifact.sizeBytes}` }).end();
    return;
  }
  const length = range === undefined ? artifact.sizeBytes : range.end - range.start + 1;
  response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    'content-length': length,
    ...(range === undefined
      ? {}
      : { 'content-range': `bytes ${range.start}-${range.end}/${artifact.sizeBytes}` }),
  });
  if (request.method === 'HEAD' || artifact.sizeBytes === 0) {
    response.end();
    return;
  }
  await pipeline(
    artifact.read(range),
    writeAndRelease((piece) => write(response, piece)),
  );
  response.end();
}

/** A file's name as RFC 6266 has it: plain where it can be, in quotes, and encoded beside a plain one where it must be. */
function describeName(name: string): string {
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return `filename=${name}`;
  const plain = name.replace(/[^\x20-\x7e]/g, '') || 'download';
  const quoted = `filename="${plain.replace(/["\\]/g, '\\$&')}"`;
  return plain === name ? quoted : `${quoted}; filename*=UTF-8''${encodeURIComponent(name)}`;
}

function findRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unfit' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start > end ? 'unfit' : { start, end };
}

/** Files that people and clients look at in between; everything else is bytes. */
const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
};
const TEXT_TYPES = new Set(
  'txt log csv tsv md py js ts html htm yaml yml xml err cfg conf ini toml jsonl sh mlmodel mlproject'.split(
    ' ',
  ),
);

function typeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return TYPES[ending] ?? (TEXT_TYPES.has(ending) ? 'text/plain' : 'application/octet-stream');
}
