import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openTrackingStore } from '../../main/mlflow/store/tracking-store.ts';
import { makeBatch, post, quantile, readFile, time, uploadFile } from './measure.ts';
import { measureNodeMemoryMb, startMlflow, startOurs, type MeasuredServer } from './servers.ts';

/**
 * The tracking server beside the real MLflow on SQLite, on copies of one store, with the same requests, in one run.
 * Memory is the highest that the server's process ever has in all of it: start, batches, searches, histories, the same
 * asked by several clients at once, a file in and out.
 *
 *   node bench/tracking/run.ts [--without-mlflow]
 */
const RUNS = 1000;
const POINTS = 100_000;
const BATCHES = 40;
const REPEATS = 9;
const CLIENTS = 4;
const REPEATS_OF_EACH = 4;
const FILE_BYTES = 100e6;
const EXTRA_MEMORY_MB = 60;
const hasMlflow =
  existsSync(resolve(import.meta.dirname, '../../.venv/bin/mlflow')) &&
  !process.argv.includes('--without-mlflow');
if (!hasMlflow) console.log('SKIPPED: the real MLflow: not asked for, or no .venv with it');

interface Figures {
  readonly name: string;
  readonly startMs: number;
  readonly batchP50Ms: number;
  readonly batchP95Ms: number;
  readonly metricsPerSecond: number;
  readonly searchMs: number;
  readonly filteredSearchMs: number;
  readonly historyMs: number;
  /** Processor time of the server: what does not depend on what else the machine does. */
  readonly startCpuMs: number;
  readonly batchCpuMs: number;
  readonly searchCpuMs: number;
  readonly historyCpuMs: number;
  readonly memoryIdleMb: number;
  readonly memoryMb: number;
  readonly peakMemoryMb: number;
}

const folder = mkdtempSync(join(tmpdir(), 'outerloop-tracking-bench-'));
try {
  const filled = join(folder, 'filled');
  const ids = fill(filled);
  const all = [await measure('ours', startOurs, filled, ids)];
  if (hasMlflow) all.push(await measure('real', startMlflow, filled, ids));
  print(all, await measureNodeMemoryMb());
} finally {
  rmSync(folder, { recursive: true });
}

/** A store with 1000 runs of 10 metrics, 10 params and 5 tags, and one run with a long history. */
function fill(place: string): { experiment: string; long: string } {
  const store = openTrackingStore(place);
  const experiment = store.experiments.create({ name: 'many' });
  for (let at = 0; at < RUNS; at += 1) {
    const { info } = store.runs.create({ experiment_id: experiment, start_time: at + 1 });
    const list = (count: number, name: string) =>
      Array.from({ length: count }, (_, index) => ({
        key: `${name}_${index}`,
        value: String(at % (index + 7)),
      }));
    const metrics = list(10, 'metric').map(({ key, value }) => ({ key, value: Number(value), timestamp: 1 }));
    store.runs.logBatch({ run_id: info.run_id, metrics, params: list(10, 'param'), tags: list(5, 'tag') });
  }
  const long = store.runs.create({ experiment_id: '0' }).info.run_id;
  for (let begin = 0; begin < POINTS; begin += 1000) {
    const points = Array.from({ length: 1000 }, (_, index) => begin + index);
    store.runs.logBatch({
      run_id: long,
      metrics: points.map((step) => ({
        key: 'long',
        value: Math.cos(step),
        timestamp: 1_700_000_000_000 + step,
        step,
      })),
    });
  }
  store.close();
  return { experiment, long };
}

interface Ids {
  readonly experiment: string;
  readonly long: string;
}

async function measure(
  label: string,
  start: (place: string) => Promise<MeasuredServer>,
  filled: string,
  ids: Ids,
): Promise<Figures> {
  const place = join(folder, label);
  cpSync(filled, place, { recursive: true });
  const starts: number[] = [];
  for (let at = 0; at < (label === 'ours' ? 5 : 1); at += 1) {
    const tried = await start(place);
    starts.push(tried.startMs);
    await tried.stop();
  }
  const server = await start(place);
  try {
    starts.push(server.startMs);
    const startCpuMs = server.readCpuMs();
    const memoryIdleMb = server.readMemoryMb();
    const asked = await ask(server, ids);
    return {
      name: server.name,
      startMs: quantile(starts, 0.5),
      startCpuMs,
      memoryIdleMb,
      ...asked,
      memoryMb: server.readMemoryMb(),
      peakMemoryMb: server.readPeakMemoryMb(),
    };
  } finally {
    await server.stop();
  }
}

/** What clients ask: one alone for the times, then several at once. */
async function ask(server: MeasuredServer, { experiment, long }: Ids) {
  const { run } = (await (await post(server, 'runs/create', { experiment_id: '0' })).json()) as {
    run: { info: { run_id: string } };
  };
  const search = (filter?: string) =>
    post(server, 'runs/search', {
      experiment_ids: [experiment],
      order_by: ['metrics.metric_3 DESC'],
      max_results: RUNS,
      filter,
    });
  const getHistory = () =>
    fetch(`${server.url}/api/2.0/mlflow/metrics/get-history?run_id=${long}&metric_key=long`);
  const alone = async (count: number, call: (at: number) => Promise<Response>) => {
    const before = server.readCpuMs();
    const timesMs = await time(count, call);
    return { timesMs, cpuMs: (server.readCpuMs() - before) / count };
  };
  const batches = await alone(BATCHES, (at) =>
    post(server, 'runs/log-batch', makeBatch(run.info.run_id, at)),
  );
  const searches = await alone(REPEATS, () => search());
  const filtered = await alone(REPEATS, () =>
    search("params.param_0 = '3' AND metrics.metric_1 >= 0 AND tags.tag_2 != 'x'"),
  );
  const histories = await alone(REPEATS, getHistory);
  const clients = Array.from({ length: CLIENTS }, async () => {
    await time(REPEATS_OF_EACH, () => search());
    await time(REPEATS_OF_EACH, getHistory);
  });
  await Promise.all(clients);
  await sendFile(server, `0/${run.info.run_id}/artifacts/model.bin`);
  return {
    batchP50Ms: quantile(batches.timesMs, 0.5),
    batchP95Ms: quantile(batches.timesMs, 0.95),
    metricsPerSecond: (1000 * BATCHES) / (batches.timesMs.reduce((sum, ms) => sum + ms, 0) / 1000),
    batchCpuMs: batches.cpuMs,
    searchMs: quantile(searches.timesMs, 0.5),
    searchCpuMs: searches.cpuMs,
    filteredSearchMs: quantile(filtered.timesMs, 0.5),
    historyMs: quantile(histories.timesMs, 0.5),
    historyCpuMs: histories.cpuMs,
  };
}

async function sendFile(server: MeasuredServer, place: string): Promise<void> {
  await uploadFile(server, place, FILE_BYTES);
  const sizeBytes = await readFile(server, place);
  if (sizeBytes !== FILE_BYTES) throw new Error(`${sizeBytes} bytes came back`);
}

function print(all: readonly Figures[], nodeMemoryMb: number): void {
  const [ours, real] = all;
  const row = (name: string, key: Exclude<keyof Figures, 'name'>, target: string, isRate = false): void => {
    const ratio =
      real === undefined ? '' : `${(isRate ? ours![key] / real[key] : real[key] / ours![key]).toFixed(1)}x`;
    console.log(
      `${name.padEnd(38)}${ours![key].toFixed(0).padStart(9)}${(real?.[key].toFixed(0) ?? '').padStart(12)}${ratio.padStart(9)}   ${target}`,
    );
  };
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)} beside this; ${RUNS} runs, ${POINTS} points`,
  );
  console.log(
    `${''.padEnd(38)}${'ours'.padStart(9)}${'mlflow'.padStart(12)}${'better'.padStart(9)}   target`,
  );
  row('start to first answer, ms', 'startMs', '<= 200');
  row('log-batch of 1000 metrics, p50 ms', 'batchP50Ms', '');
  row('log-batch of 1000 metrics, p95 ms', 'batchP95Ms', '<= 30');
  row('metrics a second', 'metricsPerSecond', '>= 4x', true);
  row('search giving 1000 runs, ms', 'searchMs', '<= 50');
  row('search with a filter, ms', 'filteredSearchMs', '');
  row('history of 100,000 points, ms', 'historyMs', '<= 150');
  row('processor time of the start, ms', 'startCpuMs', '');
  row('processor time of a batch, ms', 'batchCpuMs', '');
  row('processor time of a search, ms', 'searchCpuMs', '');
  row('processor time of a history, ms', 'historyCpuMs', '');
  row('memory after start, MB', 'memoryIdleMb', '');
  row('memory at the end, MB', 'memoryMb', '');
  row('memory at its highest, MB', 'peakMemoryMb', `<= ${(nodeMemoryMb + EXTRA_MEMORY_MB).toFixed(0)}`);
  console.log(
    `Node alone takes ${nodeMemoryMb.toFixed(0)} MB: at its highest ours takes ${(ours!.peakMemoryMb - nodeMemoryMb).toFixed(0)} MB more`,
  );
}
