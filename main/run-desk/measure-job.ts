import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import { makeConcrete } from '../../common/search-space/make-concrete.ts';
import { clampToSpace } from '../../common/search-space/validate-values.ts';
import type { TrainerMessage } from '../../common/trainer-protocol.ts';
import { mayRun, takeCodeSnapshot, type CodeSnapshot } from '../automl/code-snapshot.ts';
import { makeJobFolder } from '../automl/job-folder.ts';
import { prepareRun, type PreparedRun } from '../automl/prepare-run.ts';
import { readSearchSpaceOf } from '../automl/read-search.ts';
import { JOB_FILES } from '../automl/run-folder.ts';
import type { RunPorts, RunRequest } from '../automl/run-request.ts';
import { ownTrainer, type TrainingCommand } from '../automl/training-command.ts';
import type { RunningTrainer } from '../ports/trainer-launcher.ts';
import { shareThreads } from '../scheduler/worker-pool.ts';

/** Steps after which a mean is good enough, and the time after which it has to do. */
const ENOUGH_STEPS = 20;
const LONGEST_MS = 30_000;
const KILL_GRACE_MS = 500;

/** What some steps of a training have told. */
export interface MeasuredJob {
  /** Start and all epochs, without validations. */
  readonly secondsPerJob: number;
}

/**
 * Trains at the space's current point for up to {@link ENOUGH_STEPS} steps or half a minute, in a folder of its own that is
 * deleted, with the devices and threads that a worker of the run would have.
 *
 * @throws FaultError when it cannot train; for an executor of a site's own
 */
export async function measureJob(request: RunRequest, ports: RunPorts): Promise<MeasuredJob> {
  const prepared = await prepareRun(request, request.overrides, ports);
  if (prepared.config.executor.name !== 'MMARExecutor' || prepared.config.executor.path !== undefined)
    throw new FaultError({
      code: 'usage',
      message: "How long a job of a site's own trainer takes cannot be measured.",
      allowed: 'the first jobs of a run tell it',
    });
  const folder = await mkdtemp(join(tmpdir(), 'outerloop-measure-'));
  try {
    const jobRoot = join(folder, 'run', 'job');
    await mkdir(dirname(jobRoot), { recursive: true });
    const code = await takeCodeSnapshot(prepared.mmar.root, dirname(jobRoot));
    await makeFolder(prepared, code, jobRoot);
    const codeDigest = mayRun(code, request.trust) ? code.customDigest : undefined;
    const command = ownTrainer(codeDigest, request.writeTo);
    const trainer = await launch(prepared, jobRoot, command, ports);
    return await watchSteps(trainer, ports);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function makeFolder({ mmar }: PreparedRun, code: CodeSnapshot, jobRoot: string): Promise<void> {
  const space = readSearchSpaceOf(mmar, true);
  const { config } = makeConcrete(mmar.trainConfig, space, clampToSpace(space, {}), {
    removeSearchAugs: true,
  });
  await makeJobFolder({ mmar, code, jobRoot, keyContentOnly: true, trainConfig: config });
}

function launch(
  { workers, cores }: PreparedRun,
  jobRoot: string,
  command: TrainingCommand,
  { launcher }: RunPorts,
): Promise<RunningTrainer> {
  const threads = String(shareThreads(cores, workers.length));
  return launcher.launch({
    entry: command.entry,
    args: command.args(jobRoot, false),
    folder: jobRoot,
    environment: {
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      CUDA_VISIBLE_DEVICES: workers[0]?.devices.join(',') ?? '',
      OUTERLOOP_THREADS: threads,
      OMP_NUM_THREADS: threads,
    },
    logFile: join(jobRoot, JOB_FILES.log),
    pidFile: join(jobRoot, JOB_FILES.pid),
  });
}

async function watchSteps(trainer: RunningTrainer, { clock }: RunPorts): Promise<MeasuredJob> {
  const steps = new StepTimes(clock.now());
  const kill = (): void => void trainer.kill(KILL_GRACE_MS);
  let cancel = clock.after(LONGEST_MS * 4, kill);
  for await (const message of trainer.messages) {
    if (steps.add(message, clock.now())) kill();
    if (message.type === 'iteration' && steps.count === 1) {
      cancel();
      cancel = clock.after(LONGEST_MS, kill);
    }
  }
  cancel();
  await trainer.exit;
  return steps.result();
}

class StepTimes {
  readonly #launchedMs: number;
  #firstMs = 0;
  #lastMs = 0;
  #stepsPerJob = 0;
  #failure: Extract<TrainerMessage, { type: 'finished' }> | undefined;
  count = 0;

  constructor(launchedMs: number) {
    this.#launchedMs = launchedMs;
  }

  /** True when it is enough. */
  add(message: TrainerMessage, nowMs: number): boolean {
    if (message.type === 'started') this.#stepsPerJob = message.epochs * message.iterationsPerEpoch;
    if (message.type === 'finished' && message.status === 'failed') this.#failure = message;
    if (message.type !== 'iteration') return message.type === 'finished';
    this.count++;
    if (this.count === 1) this.#firstMs = nowMs;
    this.#lastMs = nowMs;
    return this.count > ENOUGH_STEPS;
  }

  result(): MeasuredJob {
    if (this.count === 0 || this.#stepsPerJob === 0) throw new FaultError(...this.#describeFailure());
    const startMs = this.#firstMs - this.#launchedMs;
    // The first step also plans the memory: where there is another one, it does not count.
    const stepMs = this.count > 1 ? (this.#lastMs - this.#firstMs) / (this.count - 1) : 0;
    return { secondsPerJob: (startMs + stepMs * this.#stepsPerJob) / 1000 };
  }

  #describeFailure(): FaultError['faults'] {
    const { faults, reason } = this.#failure ?? {};
    if (faults !== undefined && faults.length > 0) return faults;
    return [
      { code: 'usage', message: `The training came to no step: ${reason ?? 'it ended without a word'}.` },
    ];
  }
}
