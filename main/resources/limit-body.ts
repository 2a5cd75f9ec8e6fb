/** What a body ends in that is longer than it may be. */
export class BodyTooLong extends Error {
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`What is sent here may have at most ${maxBytes} bytes.`);
    this.maxBytes = maxBytes;
  }
}

/**
 * The request with a body that fails with {@link BodyTooLong} as soon as it is. An announced length is believed only when
 * it is too much.
 *
 * @throws BodyTooLong when the length that is announced is too much
 */
export function limitBody(request: Request, maxBytes: number): Request {
  if (request.body === null) return request;
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw new BodyTooLong(maxBytes);
  let count = 0;
  const counted = request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        count += chunk.byteLength;
        if (count <= maxBytes) controller.enqueue(chunk);
        else controller.error(new BodyTooLong(maxBytes));
      },
    }),
  );
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    signal: request.signal,
    body: counted,
    duplex: 'half',
  } as RequestInit);
}
