import { FaultError } from '../../common/fault.ts';
import { argMax, divide, logSoftmax, multiply, negate, oneHot, reduceSum } from '../graph/ops/index.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Loss } from './loss.ts';

/** Settings of {@link createCrossEntropy}. */
export interface CrossEntropyArgs {
  /** Factor per class; null for none. */
  readonly weight: readonly number[] | null;
  readonly reduction: 'mean' | 'sum';
}

/**
 * `torch.nn.CrossEntropyLoss`: minus the log of the label's softmax, as a mean over the voxels (weighted by the class of
 * the label, if there are weights) or as a sum. A one-hot label counts by its largest channel, as in MONAI 0.8.1.
 */
export function createCrossEntropy({ weight, reduction }: CrossEntropyArgs): Loss {
  return (logits, label) => {
    const classes = logits.shape[1];
    const numbers = label.shape[1] === classes ? argMax(label, 1, true) : label;
    const target = weightClasses(oneHot(numbers, classes, 1), weight);
    const sum = negate(reduceSum(multiply(logSoftmax(logits, 1), target)));
    if (reduction === 'sum') return sum;
    return divide(sum, weight === null ? sizeOf(numbers.shape) : reduceSum(target));
  };
}

function weightClasses(target: Value, weight: readonly number[] | null): Value {
  if (weight === null) return target;
  const [, classes, ...spatial] = target.shape;
  if (weight.length !== classes) {
    throw new FaultError({
      code: 'wrong-argument',
      message: `There are ${weight.length} weights for ${classes} classes.`,
      argument: 'ce_weight',
      allowed: 'one number per class that counts',
    });
  }
  return multiply(
    target,
    target.graph.constant(Float32Array.from(weight), [1, classes, ...spatial.map(() => 1)]),
  );
}
