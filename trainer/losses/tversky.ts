import type { TverskyLossArgs } from '../../common/components/losses.ts';
import { add, divide, multiply, reduceSum, subtract } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { Loss } from './loss.ts';
import { overlapAxes, overlapOperands } from './overlap-operands.ts';
import { reduceLoss } from './reduce-loss.ts';

/**
 * `monai.losses.TverskyLoss` (0.8.1): 1 - (TP + smooth_nr) / (TP + alpha FP + beta FN + smooth_dr) per item and class.
 */
export function createTverskyLoss(args: TverskyLossArgs): Loss {
  return (logits, label) => {
    const { prediction, target } = overlapOperands(args, logits, label);
    const axes = overlapAxes(prediction, args.batch);
    const overlap = (a: Value, b: Value): Value => reduceSum(multiply(a, b), axes);
    const truePositive = overlap(prediction, target);
    const falsePositive = multiply(overlap(prediction, subtract(1, target)), args.alpha);
    const falseNegative = multiply(overlap(subtract(1, prediction), target), args.beta);
    const denominator = add(add(truePositive, falsePositive), add(falseNegative, args.smooth_dr));
    return reduceLoss(subtract(1, divide(add(truePositive, args.smooth_nr), denominator)), args.reduction);
  };
}
