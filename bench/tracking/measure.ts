import type { MeasuredServer } from './servers.ts';

/** The values below which these shares of all lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export async function post(
  server: Pick<MeasuredServer, 'url'>,
  path: string,
  body: unknown,
): Promise<Response> {
  const response = await fetch(`${server.url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts';

/** Sends a file piece by piece; `place` is below the artifacts. */
export async function uploadFile(
  { url }: Pick<MeasuredServer, 'url'>,
  place: string,
  sizeBytes: number,
): Promise<void> {
  const piece = new Uint8Array(64_000).fill(7);
  let left = sizeBytes;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = piece.subarray(0, Math.min(piece.length, left));
      left -= part.length;
      controller.enqueue(part);
      if (left === 0) controller.close();
    },
  });
  const response = await fetch(`${url}${ARTIFACTS}/${place}`, { method: 'PUT', body, duplex: 'half' });
  if (!response.ok) throw new Error(`PUT ${place}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}

/** Reads a file to its end; gives its size. */
export async function readFile({ url }: Pick<MeasuredServer, 'url'>, place: string): Promise<number> {
  const response = await fetch(`${url}${ARTIFACTS}/${place}`);
  let sizeBytes = 0;
  for await (const piece of response.body as AsyncIterable<Uint8Array>) sizeBytes += piece.length;
  return sizeBytes;
}

/** How long each of several calls takes, answer read to its end. */
export async function time(count: number, call: (at: number) => Promise<Response>): Promise<number[]> {
  const timesMs: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const begin = performance.now();
    await (await call(at)).arrayBuffer();
    timesMs.push(performance.now() - begin);
  }
  return timesMs;
}

/** 1000 points of ten metrics, as a job of many steps logs them. */
export function makeBatch(runId: string, at: number): unknown {
  const metrics = Array.from({ length: 1000 }, (_, index) => ({
    key: `metric_${index % 10}`,
    value: Math.sin(at * 1000 + index),
    timestamp: 1_700_000_000_000 + at * 1000 + index,
    step: at * 100 + Math.floor(index / 10),
  }));
  return { run_id: runId, metrics };
}
