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
