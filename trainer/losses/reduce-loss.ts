import { reduceMean, reduceSum } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { Reduction } from './loss.ts';

/** All values as one number of shape `[]`. */
export function reduceLoss(values: Value, reduction: Reduction): Value {
  return reduction === 'sum' ? reduceSum(values) : reduceMean(values);
}
