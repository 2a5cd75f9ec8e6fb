import type { Metric } from '../../../common/mlflow/entities.ts';
import type { JobProgress } from '../../../common/run/progress.ts';
import type { Scalar } from './tensorboard-scalars.ts';
import { asTrackedKey } from './tracked-names.ts';

/** What a training wrote to its event file, at the time and step that stand there. */
export function metricsOfScalars(scalars: readonly Scalar[]): readonly Metric[] {
  return scalars.map(({ tag, value, step, wallTimeSeconds }) => ({
    key: asTrackedKey(tag),
    value,
    step,
    timestamp: Math.round(wallTimeSeconds * 1000),
  }));
}

/**
 * What a journalled progress says, for trainings without an event file: losses by iteration, metrics by epoch. The journal
 * has it at most every two seconds.
 *
 * @param before all that was said before; a progress holds what is new alone
 * @param timestamp milliseconds since 1970
 */
export function metricsOfProgress(
  progress: JobProgress,
  before: JobProgress,
  timestamp: number,
): readonly Metric[] {
  const { epoch, iteration, iterationsPerEpoch = 0 } = { ...before, ...progress };
  const step =
    iteration === undefined ? (epoch ?? 0) : Math.max(0, (epoch ?? 1) - 1) * iterationsPerEpoch + iteration;
  const point = (key: string, value: number | null, at: number): Metric => ({
    key: asTrackedKey(key),
    value: value ?? NaN,
    step: at,
    timestamp,
  });
  return [
    ...(progress.loss === undefined ? [] : [point('train_loss', progress.loss, step)]),
    ...(progress.learningRate === undefined ? [] : [point('learning_rate', progress.learningRate, step)]),
    ...Object.entries(progress.metrics ?? {}).flatMap(([name, value]) =>
      value === null ? [] : [point(name, value, epoch ?? 0)],
    ),
  ];
}
