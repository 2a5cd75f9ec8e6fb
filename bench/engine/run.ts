import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import { contextKey } from '../../common/run/context-key.ts';
import { MmarHandler } from '../../main/automl/handlers/mmar-handler.ts';
import { MmarStatsHandler } from '../../main/automl/handlers/mmar-stats-handler.ts';
import { StatsHandler } from '../../main/automl/handlers/stats-handler.ts';
import { RandomController } from '../../main/controllers/random/random-controller.ts';
import { Engine } from '../../main/engine/engine.ts';
import { createJournal } from '../../main/journal/file-journal.ts';
import { systemClock } from '../../main/node/system-clock.ts';
import { WorkerPool } from '../../main/scheduler/worker-pool.ts';

/**
 * What the outer loop itself costs: dry jobs (an executor that returns at once) through engine, scheduler, journal (a
 * real file, flushed before every step) and the built-in handlers. Prints time, memory and the journal's size.
 *
 *   node --expose-gc bench/engine/run.ts [jobs] [workers]
 */
const jobs = Number(process.argv[2] ?? 10_000);
const numWorkers = Number(process.argv[3] ?? 4);

const space: SearchSpace = {
  parameters: [
    {
      prl: 'lr.float.$0:learning_rate',
      domain: 'lr',
      type: 'float',
      args: ['learning_rate'],
      conditions: [],
      min: 1e-4,
      max: 1e-2,
      log: true,
    },
    {
      prl: 'net.enum.train.model$0:norm',
      domain: 'net',
      type: 'enum',
      args: ['norm'],
      conditions: [],
      choices: [['batch'], ['instance']],
    },
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'outerloop-bench-'));
const journalFile = join(folder, 'journal.jsonl');
const journal = await createJournal(journalFile, systemClock);
const workers = Array.from({ length: numWorkers }, (_, index) => ({ name: `W${index + 1}`, devices: [] }));
const heap: number[] = [];
let ended = 0;

const engine = new Engine({
  identity: {
    runId: 'bench',
    seed: 1,
    numWorkers,
    controller: 'RandomController',
    executor: 'dry',
    handlers: ['MMARHandler', 'StatsHandler', 'MMARStatsHandler'],
    digests: {},
    trusted: false,
  },
  host: { versions: {}, workers: '', pid: process.pid },
  settings: {},
  controller: new RandomController({ max_rounds: jobs }),
  executor: {
    determineSearchSpace: () => space,
    execute: ({ recommendation, report }) => {
      report({ epoch: 1, epochs: 1, loss: 0.5 });
      return Promise.resolve({ status: 'completed', score: 1 / (1 + recommendation.id) });
    },
  },
  handlers: [
    { name: 'MMARHandler', handler: new MmarHandler(folder, { num_mmars_to_keep: 10 }) },
    { name: 'StatsHandler', handler: new StatsHandler(folder, systemClock) },
    { name: 'MMARStatsHandler', handler: new MmarStatsHandler(folder, systemClock) },
  ],
  scheduler: new WorkerPool(workers, numWorkers),
  journal,
  clock: systemClock,
  limits: {},
  properties: { [contextKey.runId]: 'bench' },
  observe: (observation) => {
    if (observation.type !== 'job' || observation.record.state === 'running') return;
    if (++ended % (jobs / 10) === 0) measure();
  },
  trace: () => undefined,
});

function measure(): void {
  globalThis.gc?.();
  heap.push(process.memoryUsage().heapUsed);
  console.log(`${String(ended).padStart(7)} jobs  heap ${(heap.at(-1)! / 2 ** 20).toFixed(1)} MiB`);
}

const startedAt = performance.now();
const end = await engine.run();
await journal.close();
const seconds = (performance.now() - startedAt) / 1000;
const bytesPerJob = (heap.at(-1)! - heap[0]!) / (ended * 0.9);
console.log(
  [
    `${ended} jobs on ${numWorkers} workers, ${end.status}: ${seconds.toFixed(1)} s, ${((seconds / ended) * 1000).toFixed(2)} ms per job`,
    `heap grew by ${bytesPerJob.toFixed(0)} bytes per job (its record in the leaderboard); journal ${(statSync(journalFile).size / 2 ** 20).toFixed(1)} MiB`,
  ].join('\n'),
);
rmSync(folder, { recursive: true });
