import { float, ints } from '../attribute.ts';
import { normalizeAxes } from '../shape.ts';
import type { Value } from '../value.ts';
import { add, multiply, subtract } from './arithmetic.ts';
import { reciprocal, sqrt } from './elementwise.ts';
import { reduceMean } from './reductions.ts';

/** A tensor with mean 0 and variance 1 over some axes, and what was taken out. The axes stay with size 1. */
export interface Standardized {
  readonly y: Value;
  readonly mean: Value;
  /** Mean squared distance from the mean (divided by the count, not by the count less one). */
  readonly variance: Value;
  /** `1 / sqrt(variance + epsilon)` */
  readonly inverseDeviation: Value;
}

/**
 * `(x - mean) / sqrt(variance + epsilon)`, mean and variance taken over the axes: what instance, group, layer and batch
 * normalisation share. A gradient passes through `y` only; the others are for running statistics.
 */
export function standardize(x: Value, axes: readonly number[], epsilon: number): Standardized {
  const over = normalizeAxes('Standardize', axes, x.shape.length);
  const attributes = { axes: ints(over), epsilon: float(epsilon) };
  const [y, mean, variance, inverseDeviation] = x.graph.composite('Standardize', [x], attributes, () => {
    const average = reduceMean(x, over, true);
    const centered = subtract(x, average);
    const spread = reduceMean(multiply(centered, centered), over, true);
    const scale = reciprocal(sqrt(add(spread, epsilon)));
    return [multiply(centered, scale), average, spread, scale];
  });
  return { y, mean, variance, inverseDeviation };
}
