import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evaluation } from '../../common/api/results.ts';
import { FaultError, type Fault } from '../../common/fault.ts';
import { JOB_FILES } from '../automl/run-folder.ts';
import { readMmarEnvironment } from '../automl/searched-mmar.ts';
import { trainerEntry } from '../automl/training-command.ts';
import type { RunPorts } from '../automl/run-request.ts';
import type { TrustedCode } from '../mmar/trust/trust-store.ts';
import type { LaunchSpec, RunningTrainer } from '../ports/trainer-launcher.ts';
import { pause } from '../run-desk/pause.ts';
import { describeCases, findSegmentations, readCaseTable } from './case-scores.ts';

/** Where in the job's folder the evaluation is kept: its own configs write elsewhere. */
const OUTPUT = 'eval/validation_cases';
const POLL_MS = 500;
const KILL_GRACE_MS = 2000;

/** A job whose model is evaluated. */
export interface EvaluatedJob {
  readonly mmarRoot: string;
  /** Absolute path of the job's MMAR. */
  readonly jobRoot: string;
  readonly trustedCode: TrustedCode | undefined;
}

type Step = NonNullable<Evaluation['step']>;

interface Going {
  step: Step;
  trainer: RunningTrainer | undefined;
  isCancelled: boolean;
}

/**
 * Scores and segments the validation cases with the models of jobs: the job's own config_validation for the scores, its
 * config_inference over the validation cases for the segmentations, each in a process of its own. The result stays in the
 * job's folder.
 */
export class Evaluations {
  readonly #ports: RunPorts;
  readonly #going = new Map<string, Going>();
  /** Why the last evaluation failed. */
  readonly #failures = new Map<string, FaultError>();
  readonly #onDefect: (error: unknown) => void;

  /** @param onDefect hears of failures that nobody expected */
  constructor(ports: RunPorts, onDefect: (error: unknown) => void) {
    this.#ports = ports;
    this.#onDefect = onDefect;
  }

  /** Begins; settles at once. Does nothing when it goes on already. @throws FaultError `checkpoint` for a job without a model */
  async start(job: EvaluatedJob): Promise<void> {
    if (this.#going.has(job.jobRoot)) return;
    await stat(join(job.jobRoot, 'models/model.pt')).catch(() => {
      throw new FaultError({
        code: 'checkpoint',
        file: 'models/model.pt',
        message: 'The job has no model: it was not validated before it ended.',
      });
    });
    const going: Going = { step: 'scores', trainer: undefined, isCancelled: false };
    this.#going.set(job.jobRoot, going);
    this.#failures.delete(job.jobRoot);
    void this.#carryOut(job, going)
      .catch((error: unknown) => this.#fail(job, error))
      .finally(() => this.#going.delete(job.jobRoot));
  }

  async cancel(jobRoot: string): Promise<void> {
    const going = this.#going.get(jobRoot);
    if (going === undefined) return;
    going.isCancelled = true;
    await going.trainer?.kill(KILL_GRACE_MS);
  }

  /** How it stands now and, while it goes on, whenever that has changed; until the signal. */
  async *follow(job: EvaluatedJob, signal: AbortSignal): AsyncGenerator<Evaluation> {
    let shown = '';
    while (!signal.aborted) {
      const now = await this.describe(job);
      const text = JSON.stringify(now);
      if (text !== shown) yield now;
      shown = text;
      await pause(this.#ports.clock, POLL_MS, signal);
    }
  }

  async describe({ mmarRoot, jobRoot }: EvaluatedJob): Promise<Evaluation> {
    const folder = join(jobRoot, OUTPUT);
    const [table, segmentations, list] = await Promise.all([
      readCaseTable(folder),
      findSegmentations(folder),
      readValidationList(jobRoot),
    ]);
    const going = this.#going.get(jobRoot);
    const faults = this.#failures.get(jobRoot)?.faults ?? [];
    const state =
      going !== undefined ? 'running' : faults.length > 0 ? 'failed' : table === undefined ? 'none' : 'done';
    return {
      state,
      ...(going === undefined ? {} : { step: going.step }),
      done: segmentations.size,
      total: table?.rows.length ?? 0,
      faults: [...faults],
      classes: [...(table?.classes ?? [])],
      ...(table === undefined ? {} : { metric: table.metric }),
      cases: table === undefined ? [] : describeCases(table, segmentations, { mmarRoot, list }),
    };
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#going.keys()].map((jobRoot) => this.cancel(jobRoot)));
  }

  #fail({ jobRoot }: EvaluatedJob, error: unknown): void {
    if (!(error instanceof FaultError)) this.#onDefect(error);
    const defect: Fault = { code: 'checkpoint', message: 'The evaluation failed inside the program.' };
    this.#failures.set(jobRoot, error instanceof FaultError ? error : new FaultError(defect));
  }

  async #carryOut(job: EvaluatedJob, going: Going): Promise<void> {
    await rm(join(job.jobRoot, OUTPUT), { recursive: true, force: true });
    const list = await readValidationList(job.jobRoot);
    await this.#run(job, going, 'scores', 'config/config_validation.json', []);
    if (going.isCancelled) return;
    await this.#run(job, going, 'segmentations', 'config/config_inference.json', [
      `INFER_DATALIST_KEY=${list}`,
    ]);
  }

  async #run(
    job: EvaluatedJob,
    going: Going,
    step: Step,
    config: string,
    words: readonly string[],
  ): Promise<void> {
    going.step = step;
    const trainer = await this.#ports.launcher.launch(this.#describeLaunch(job, config, words));
    going.trainer = trainer;
    let said: { readonly reason?: string | undefined; readonly faults?: readonly Fault[] | undefined } = {};
    for await (const message of trainer.messages) if (message.type === 'finished') said = message;
    const { code } = await trainer.exit;
    if (code === 0 || going.isCancelled) return;
    if (said.faults !== undefined && said.faults.length > 0) throw new FaultError(...said.faults);
    throw new FaultError({
      code: 'checkpoint',
      file: config,
      message: `The evaluation ended with exit code ${code}: ${said.reason ?? 'see log.txt of the job'}.`,
    });
  }

  #describeLaunch(
    { jobRoot, trustedCode }: EvaluatedJob,
    config: string,
    words: readonly string[],
  ): LaunchSpec {
    const threads = String(Math.max(1, this.#ports.devices.countCores() - 1));
    return {
      entry: trainerEntry,
      args: [
        ...['evaluate', '-m', jobRoot, '-c', config, '-e', 'config/environment.json'],
        ...(trustedCode === undefined ? [] : ['--trust', '--code_digest', trustedCode.customDigest]),
        ...['--set', 'dont_load_ts_model=True', 'dont_load_ckpt_model=False'],
        ...[`MMAR_EVAL_OUTPUT_PATH=${OUTPUT}`, ...words],
      ],
      folder: jobRoot,
      environment: { OUTERLOOP_THREADS: threads, OMP_NUM_THREADS: threads },
      logFile: join(jobRoot, JOB_FILES.log),
      pidFile: join(jobRoot, 'evaluation.pid'),
    };
  }
}

/** The key of the data list that holds the validation cases. */
async function readValidationList(jobRoot: string): Promise<string> {
  const { VAL_DATALIST_KEY: key } = await readMmarEnvironment(jobRoot);
  return typeof key === 'string' ? key : 'validation';
}
