import { FaultError } from '../../common/fault.ts';
import { isSameShape, type Tensor } from '../data/tensor.ts';

/** A score that is gathered case by case over an epoch. */
export interface Metric {
  /** The class that the first entry of {@link perClass} and of a row of {@link perCase} is about: 0 or 1. */
  readonly firstClass: number;
  /** Forgets every case. */
  reset(): void;
  /** Adds one case, prediction and label one-hot with the same shape (channel, ...spatial). */
  update(prediction: Tensor, label: Tensor): void;
  /** The score so far; null when there was no case. */
  value(): number | null;
  /** Mean over the cases per class; null for a class that no case defines. */
  perClass?(): (number | null)[];
  /** One row per case in order of arrival, one number per class; NaN where a class is undefined. */
  perCase?(): readonly (readonly number[])[];
}

/** What a metric says of post transforms that leave it nothing to compare. */
export function incomparable(component: string, message: string): FaultError {
  return new FaultError({
    code: 'wrong-argument',
    message,
    component,
    argument: 'output_transform',
    allowed: 'a prediction and a label that AsDiscreted has made one-hot before',
  });
}

/** Throws a fault when the two cannot be compared voxel by voxel. */
export function assertComparable(metric: string, prediction: Tensor, label: Tensor): void {
  if (isSameShape(prediction.shape, label.shape)) return;
  throw incomparable(
    metric,
    `One-hot tensors of one shape are compared, not [${prediction.shape.join(', ')}] with [${label.shape.join(', ')}].`,
  );
}
