import type { TrainStats } from '../../common/mmar/train-stats.ts';
import type { JobProgress } from '../../common/run/progress.ts';

/** Points of a curve in the order of their epochs; null where a value is no finite number. */
export interface Curve {
  readonly epochs: number[];
  readonly values: (number | null)[];
}

/** What a training is watched by, epoch for epoch. */
export interface JobCurves {
  readonly loss: Curve;
  readonly score: Curve;
  readonly learningRate: Curve;
}
export const CURVE_NAMES = ['loss', 'score', 'learningRate'] as const satisfies readonly (keyof JobCurves)[];

export function emptyCurves(): JobCurves {
  return {
    loss: { epochs: [], values: [] },
    score: { epochs: [], values: [] },
    learningRate: { epochs: [], values: [] },
  };
}

/**
 * Adds what a message about the progress says. An epoch has one point, its last value: what is known while it goes on is
 * replaced. Reports that were put together may have lost an epoch of a fast training.
 */
export function addProgress(curves: JobCurves, progress: JobProgress): void {
  const { epoch, loss, learningRate, metrics, keyMetric } = progress;
  if (epoch === undefined) return;
  if (loss !== undefined) addPoint(curves.loss, epoch, loss);
  if (learningRate !== undefined) addPoint(curves.learningRate, epoch, learningRate);
  const score = keyMetric === undefined ? undefined : metrics?.[keyMetric];
  if (score !== undefined) addPoint(curves.score, epoch, score);
}

/** The curves that a train_stats.json holds: nothing is lost in it. */
export function curvesOfStats({ train, validation, key_metric: keyMetric }: TrainStats): JobCurves {
  const scores = validation.map(({ epoch, metrics }) => ({
    epoch,
    value: keyMetric === undefined ? undefined : metrics[keyMetric],
  }));
  const scored = scores.filter((point) => point.value !== undefined);
  return {
    loss: { epochs: train.map(({ epoch }) => epoch), values: train.map(({ loss }) => loss) },
    score: { epochs: scored.map(({ epoch }) => epoch), values: scored.map(({ value }) => value ?? null) },
    learningRate: {
      epochs: train.map(({ epoch }) => epoch),
      values: train.map(({ learning_rate }) => learning_rate),
    },
  };
}

/** A job that was begun anew goes on before its last epoch: what came after is dropped. */
function addPoint({ epochs, values }: Curve, epoch: number, value: number | null): void {
  while (epochs.length > 0 && epochs.at(-1)! >= epoch) {
    epochs.pop();
    values.pop();
  }
  epochs.push(epoch);
  values.push(value);
}
