import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { post, quantile } from './measure.ts';
import { startOurs, type MeasuredServer } from './servers.ts';

/**
 * Jobs that log to the tracking server for a long time: no point may be lost, and its memory must not grow.
 *
 *   node bench/tracking/soak.ts [--minutes 10] [--jobs 8] [--rate 50]
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '8' },
    rate: { type: 'string', default: '50' },
  },
});
const [minutes, jobs, rate] = [Number(values.minutes), Number(values.jobs), Number(values.rate)];
const SAMPLE_MS = 5000;

const folder = mkdtempSync(join(tmpdir(), 'outerloop-tracking-soak-'));
const server = await startOurs(folder);
const end = performance.now() + minutes * 60_000;
const memory: number[] = [];
const timesMs: number[] = [];
try {
  const watch = setInterval(() => memory.push(server.readMemoryMb()), SAMPLE_MS);
  const logged = await Promise.all(Array.from({ length: jobs }, () => logAsJob(server)));
  clearInterval(watch);
  const lost = (await Promise.all(logged.map((job) => countLost(server, job)))).reduce(
    (sum, count) => sum + count,
    0,
  );
  report(
    logged.reduce((sum, { points }) => sum + points, 0),
    lost,
  );
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}

interface Logged {
  readonly runId: string;
  readonly points: number;
}

/** One batch a second, as the handler of a running job sends them. */
async function logAsJob(target: MeasuredServer): Promise<Logged> {
  const created = await post(target, 'runs/create', { experiment_id: '0' });
  const runId = ((await created.json()) as { run: { info: { run_id: string } } }).run.info.run_id;
  let points = 0;
  for (let next = performance.now(); next < end; next += 1000) {
    await sleep(Math.max(0, next - performance.now()));
    const metrics = Array.from({ length: rate }, (_, at) => ({
      key: `metric_${at % 5}`,
      value: Math.random(),
      timestamp: Date.now(),
      step: points + at,
    }));
    const begin = performance.now();
    await (await post(target, 'runs/log-batch', { run_id: runId, metrics })).arrayBuffer();
    timesMs.push(performance.now() - begin);
    points += rate;
  }
  return { runId, points };
}

async function countLost({ url }: MeasuredServer, { runId, points }: Logged): Promise<number> {
  let found = 0;
  for (let key = 0; key < 5; key += 1) {
    const response = await fetch(
      `${url}/api/2.0/mlflow/metrics/get-history?run_id=${runId}&metric_key=metric_${key}`,
    );
    found += ((await response.json()) as { metrics?: unknown[] }).metrics?.length ?? 0;
  }
  return points - found;
}

/** The mean of each tenth of the time: memory that grows goes on to do so, memory that settles does not. */
function report(points: number, lost: number): void {
  const size = Math.max(1, Math.floor(memory.length / 10));
  const tenths = Array.from({ length: 10 }, (_, at) =>
    mean(memory.slice(at * size, (at + 1) * size)).toFixed(0),
  );
  console.log(
    `${jobs} jobs x ${rate} metrics a second for ${minutes} min: ${points} points logged, ${lost} lost`,
  );
  console.log(
    `log-batch of ${rate}: p50 ${quantile(timesMs, 0.5).toFixed(1)} ms, p95 ${quantile(timesMs, 0.95).toFixed(1)} ms, max ${Math.max(...timesMs).toFixed(0)} ms`,
  );
  console.log(`memory in MB, tenth by tenth: ${tenths.join(' ')}`);
  if (lost !== 0) process.exitCode = 1;
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}
