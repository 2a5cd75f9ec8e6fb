import type { Log } from './engine.ts';
import type { MetricResult } from './metric-slots.ts';

/** The best value of the key metric and its epoch, with the start values of MONAI's engines. */
export interface BestMetric {
  readonly value: number;
  readonly epoch: number;
}

export const NO_BEST_METRIC: BestMetric = { value: -1, epoch: -1 };

/** The better of the two: a later value must be strictly greater. */
export function updateBest(
  best: BestMetric,
  metrics: readonly MetricResult[],
  epoch: number,
  log: Log,
): BestMetric {
  const key = metrics.find(({ isKey }) => isKey);
  if (key === undefined || key.value === null) return best;
  if (key.value > best.value) return { value: key.value, epoch };
  if (best.epoch === NO_BEST_METRIC.epoch) {
    log.warning(
      `${key.label} is ${key.value}: as in MONAI a key metric counts as best only above ${NO_BEST_METRIC.value}`,
    );
  }
  return best;
}
