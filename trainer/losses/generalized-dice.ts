import type { GeneralizedDiceLossArgs } from '../../common/components/losses.ts';
import { add, divide, equal, multiply, reduceMax, reduceSum, subtract, where } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { Loss } from './loss.ts';
import { overlapAxes, overlapOperands } from './overlap-operands.ts';
import { reduceLoss } from './reduce-loss.ts';

/**
 * `monai.losses.GeneralizedDiceLoss` (0.8.1): per item 1 - (2 sum w I + smooth_nr) / (sum w (P + G) + smooth_dr) over the
 * classes, with weights w from the size G of each class in the label. A class that is not in the label gets the largest
 * weight of the others.
 */
export function createGeneralizedDiceLoss(args: GeneralizedDiceLossArgs): Loss {
  return (logits, label) => {
    const { prediction, target } = overlapOperands(args, logits, label);
    const axes = overlapAxes(prediction);
    const intersection = reduceSum(multiply(prediction, target), axes);
    const labelled = reduceSum(target, axes);
    const total = add(reduceSum(prediction, axes), labelled);
    const weights = classWeights(labelled, args.w_type);
    const numerator = add(multiply(reduceSum(multiply(intersection, weights), [1]), 2), args.smooth_nr);
    const denominator = add(reduceSum(multiply(total, weights), [1]), args.smooth_dr);
    return reduceLoss(subtract(1, divide(numerator, denominator)), args.reduction);
  };
}

function classWeights(sizes: Value, type: GeneralizedDiceLossArgs['w_type']): Value {
  if (type === 'uniform')
    return sizes.graph.constant(new Float32Array(sizes.shape[0] * sizes.shape[1]).fill(1), sizes.shape);
  const absent = equal(sizes, 0);
  const present = where(absent, 1, sizes);
  const finite = where(absent, 0, divide(1, type === 'square' ? multiply(present, present) : present));
  return where(absent, reduceMax(finite, [1], true), finite);
}
