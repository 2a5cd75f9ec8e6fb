import type { Tensor } from '../data/tensor.ts';
import { assertClassMaps, assertComparable, incomparable, type ClassMap, type Metric } from './metric.ts';

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
    updateClasses(prediction, label, classCount) {
      assertClassMaps('Accuracy', prediction, label, classCount);
      equal += prediction.length * classCount - 2 * countDifferent(prediction, label);
      total += prediction.length * classCount;
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

function countDifferent(prediction: ClassMap, label: ClassMap): number {
  let different = 0;
  for (let voxel = 0; voxel < prediction.length; voxel++) if (prediction[voxel] !== label[voxel]) different++;
  return different;
}
