import type { Training } from '../build/training.ts';
import {
  restoreTensors,
  writeResumeCheckpoint,
  type ResumeCheckpoint,
  type ResumePoint,
} from '../checkpoint/resume-checkpoint.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import { collectProgress, restoreProgress } from '../handlers/resumable-handler.ts';
import type { StatsRecorder } from './stats-recorder.ts';

export interface ResumeKeeperOptions {
  readonly files: MmarFiles;
  /** The checkpoint, relative to the MMAR. */
  readonly path: string;
  readonly configDigest: string;
  readonly seed: number;
  readonly recorder: StatsRecorder;
  /** Seconds, from any fixed moment. */
  readonly clock: () => number;
}

/** Writing may take this share of the time between two checkpoints. */
const WRITING_SHARE = 0.05;

/**
 * Keeps the state of a training at the end of an epoch, so that it can go on after it was interrupted. Of short epochs not
 * every one is kept: what is lost is trained again, with the same results.
 */
export class ResumeKeeper {
  readonly #options: ResumeKeeperOptions;
  #nextAt = -Infinity;

  constructor(options: ResumeKeeperOptions) {
    this.#options = options;
  }

  /** After an epoch. Does nothing when the last checkpoint is too fresh for its cost. */
  keep(training: Training): void {
    const { clock, files, path } = this.#options;
    const startedAt = clock();
    if (startedAt < this.#nextAt) return;
    writeResumeCheckpoint(files, path, this.#pointOf(training), training.state);
    this.#nextAt = clock() + (clock() - startedAt) / WRITING_SHARE;
  }

  /** Before the first epoch of the rest. */
  restore(training: Training, checkpoint: ResumeCheckpoint): void {
    const { files, path, recorder } = this.#options;
    const { trainer, schedule, validationBest, handlers, stats } = checkpoint.point;
    restoreTensors(files, path, training.state, checkpoint);
    training.trainer.restore(trainer);
    if (schedule !== undefined) training.scheduler?.restore(schedule);
    if (validationBest !== undefined) training.evaluation?.evaluator.restore(validationBest);
    restoreProgress(training.handlers, handlers.train);
    restoreProgress(training.evaluation?.handlers ?? [], handlers.validate);
    recorder.restore(stats);
  }

  /** A training that has come to its end is not gone on with. */
  discard(): void {
    this.#options.files.remove(this.#options.path);
  }

  #pointOf({ state, trainer, scheduler, evaluation, handlers }: Training): ResumePoint {
    const { configDigest, seed, recorder } = this.#options;
    return {
      outerloop_resume: 1,
      configDigest,
      seed,
      step: state.step,
      trainer: trainer.progress,
      ...(scheduler && { schedule: scheduler.completed }),
      ...(evaluation && { validationBest: evaluation.evaluator.best }),
      handlers: { train: collectProgress(handlers), validate: collectProgress(evaluation?.handlers ?? []) },
      stats: recorder.stats,
    };
  }
}
