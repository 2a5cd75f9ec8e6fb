import type { Fault } from '../../common/fault.ts';
import type { JobProgress } from '../../common/run/progress.ts';
import type { TrainerMessage } from '../../common/trainer-protocol.ts';
import type { Job } from '../engine/executor.ts';
import type { Clock } from '../ports/clock.ts';
import type { LaunchSpec, RunningTrainer, TrainerLauncher } from '../ports/trainer-launcher.ts';
import type { TrainingEnd } from './judge-job.ts';
import { watchStats } from './stats-progress.ts';

export interface Supervision {
  readonly launcher: TrainerLauncher;
  readonly clock: Clock;
  /** Silence after which a training is taken for hung. */
  readonly maxIdleSeconds: number;
  /** Time to write a checkpoint after an abort. */
  readonly abortGraceSeconds: number;
  /** Looked at for progress, where the training says none of its own. Absolute path. */
  readonly statsFile?: string;
  /** Show all output on the console, not only warnings and errors. */
  readonly isVerbose: boolean;
}

/** After a process was told to go, and did not even write a checkpoint. */
const KILL_GRACE_MS = 2000;
const STATS_INTERVAL_MS = 1000;

/** Runs one training to its end: passes its progress on, tells it to stop, and kills it when it hangs. */
export async function superviseTraining(
  job: Job,
  spec: LaunchSpec,
  supervision: Supervision,
): Promise<TrainingEnd> {
  const { launcher, clock, maxIdleSeconds, abortGraceSeconds } = supervision;
  const trainer = await launcher.launch(spec);
  let isHung = false;
  const watch = watchIdle(clock, maxIdleSeconds, () => {
    isHung = true;
    void trainer.kill(KILL_GRACE_MS);
  });
  const endAbort = whenAborted(job.signal, () =>
    abortTraining(trainer, job.signal, clock, abortGraceSeconds),
  );
  // what the training says itself is newer than what its file says
  let saysProgress = false;
  const endStats = watchOwnStats(supervision, (progress) => {
    watch.alive();
    if (!saysProgress) job.report(progress);
  });
  const report = (progress: JobProgress): void => {
    saysProgress = true;
    job.report(progress);
  };
  const said = await listen(trainer, { ...job, report }, watch.alive, supervision.isVerbose);
  const exit = await trainer.exit;
  endStats();
  watch.end();
  endAbort();
  return {
    exit,
    ...said,
    wasAborted: job.signal.aborted,
    ...(isHung ? { idleSeconds: maxIdleSeconds } : {}),
  };
}

function watchOwnStats(
  { statsFile, clock }: Supervision,
  report: (progress: JobProgress) => void,
): () => void {
  return statsFile === undefined ? () => undefined : watchStats(statsFile, clock, STATS_INTERVAL_MS, report);
}

/** What a message of the trainer says about the job's progress; undefined for the others. */
export function readProgress(message: TrainerMessage): JobProgress | undefined {
  switch (message.type) {
    case 'ready':
      return { provider: message.provider };
    case 'started': {
      const { epochs, firstEpoch, iterationsPerEpoch } = message;
      return { epochs, epoch: firstEpoch, iterationsPerEpoch };
    }
    case 'iteration': {
      const { epoch, iteration, loss, learningRate } = message;
      return { epoch, iteration, loss, learningRate };
    }
    case 'epoch': {
      const { epoch, loss, secondsLeft } = message;
      return { epoch, loss, secondsLeft };
    }
    case 'validation': {
      const { type: _type, ...validation } = message;
      return validation;
    }
    case 'progress':
      return message.progress;
    case 'log':
    case 'finished':
      return undefined;
  }
}

async function listen(
  trainer: RunningTrainer,
  job: Pick<Job, 'name' | 'context' | 'report' | 'log'>,
  alive: () => void,
  isVerbose: boolean,
): Promise<{ lastError?: string; faults?: readonly Fault[] }> {
  let said: { lastError?: string; faults?: readonly Fault[] } = {};
  for await (const message of trainer.messages) {
    alive();
    const progress = readProgress(message);
    if (progress !== undefined) job.report(progress);
    if (message.type === 'log') {
      if (message.level !== 'info') job.log(message.level, message.text);
      else if (isVerbose) job.context.trace(job.name, message.text, true);
      if (message.level === 'error') said = { ...said, lastError: message.text };
    }
    if (message.type === 'finished') {
      const { reason, faults } = message;
      said = {
        ...said,
        ...(reason === undefined ? {} : { lastError: reason }),
        ...(faults === undefined ? {} : { faults }),
      };
    }
  }
  return said;
}

function abortTraining(
  trainer: RunningTrainer,
  signal: AbortSignal,
  clock: Clock,
  graceSeconds: number,
): () => void {
  trainer.post({ type: 'abort', reason: String(signal.reason) });
  return clock.after(graceSeconds * 1000, () => void trainer.kill(KILL_GRACE_MS));
}

function whenAborted(signal: AbortSignal, abort: () => () => void): () => void {
  let cancel = (): void => undefined;
  const onAbort = (): void => {
    cancel = abort();
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return () => {
    signal.removeEventListener('abort', onAbort);
    cancel();
  };
}

/** Calls `hung` after a silence; each sign of life starts the time anew. */
function watchIdle(clock: Clock, seconds: number, hung: () => void): { alive: () => void; end: () => void } {
  let cancel = clock.after(seconds * 1000, hung);
  return {
    alive: () => {
      cancel();
      cancel = clock.after(seconds * 1000, hung);
    },
    end: () => cancel(),
  };
}
