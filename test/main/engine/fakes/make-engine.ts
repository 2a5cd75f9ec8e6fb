import type { RunObservation } from '../../../../common/run/run-observation.ts';
import { Engine } from '../../../../main/engine/engine.ts';
import type { EngineSetup } from '../../../../main/engine/engine-setup.ts';
import { WorkerPool } from '../../../../main/scheduler/worker-pool.ts';
import { DryExecutor } from './dry-executor.ts';
import { HillController } from './hill-controller.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryJournal } from './memory-journal.ts';

/** An engine over fakes, and the fakes. Anything can be replaced. */
export function makeEngine(replaced: Partial<EngineSetup> & { workers?: number } = {}): {
  readonly engine: Engine;
  readonly journal: MemoryJournal;
  readonly clock: ManualClock;
  readonly observed: RunObservation[];
  readonly executor: DryExecutor;
} {
  const { workers: numWorkers = 1, ...setup } = replaced;
  const journal = new MemoryJournal(replaced.history?.entries ?? []);
  const clock = new ManualClock();
  const observed: RunObservation[] = [];
  const executor = new DryExecutor();
  const workers = Array.from({ length: numWorkers }, (_, index) => ({ name: `W${index + 1}`, devices: [] }));
  const engine = new Engine({
    identity: {
      runId: 'test',
      seed: 7,
      numWorkers,
      controller: 'HillController',
      executor: 'DryExecutor',
      handlers: [],
      digests: {},
      trusted: false,
    },
    host: { versions: {}, workers: 'cpu', pid: 1 },
    settings: {},
    controller: new HillController(6),
    executor,
    handlers: [],
    scheduler: new WorkerPool(workers, 4),
    journal,
    clock,
    limits: {},
    properties: {},
    observe: (observation) => observed.push(observation),
    trace: () => undefined,
    ...setup,
  });
  return {
    engine,
    journal: (setup.journal as MemoryJournal | undefined) ?? journal,
    clock,
    observed,
    executor,
  };
}
