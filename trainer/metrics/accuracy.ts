import type { Tensor } from '../data/tensor.ts';
import { assertComparable, incomparable, type Metric } from './metric.ts';

/**
 * `ignite.metrics.Accuracy` on one-hot prediction and label (its binary mode): the share of equal elements over all
 * channels and voxels of the epoch. A voxel of the wrong class therefore costs two elements out of C.
 */
export function createAccuracy(): Metric {
  let equal = 0;
  let total = 0;
  return {
    firstClass: 0,
    reset() {
      equal = 0;
      total = 0;
    },
    update(prediction, label) {
      assertComparable('Accuracy', prediction, label);
      equal += countEqual(prediction, label);
      total += label.data.length;
    },
    value: () => (total === 0 ? null : equal / total),
  };
}

function countEqual(prediction: Tensor, label: Tensor): number {
  let equal = 0;
  for (let index = 0; index < label.data.length; index++) {
    const predicted = prediction.data[index];
    const labelled = label.data[index];
    if (!isBit(predicted) || !isBit(labelled)) {
      throw incomparable(
        'Accuracy',
        `Zeros and ones are compared, not ${isBit(predicted) ? labelled : predicted}.`,
      );
    }
    if (predicted === labelled) equal++;
  }
  return equal;
}

const isBit = (number: number): boolean => number === 0 || number === 1;
