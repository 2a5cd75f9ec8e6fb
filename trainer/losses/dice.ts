import type { DiceLossArgs } from '../../common/components/losses.ts';
import { add, divide, multiply, reduceSum, subtract } from '../graph/ops/index.ts';
import type { Loss } from './loss.ts';
import { overlapAxes, overlapOperands } from './overlap-operands.ts';
import { reduceLoss } from './reduce-loss.ts';

/** What {@link createDiceLoss} needs of its arguments. */
export type DiceArgs = Omit<DiceLossArgs, 'other_act'>;

/**
 * `monai.losses.DiceLoss` (0.8.1). Per item and class, with the sums I = p g, P = p and G = g over the voxels (P and G of
 * squares with `squared_pred`): 1 - (2 I + smooth_nr) / (D + smooth_dr), where D = P + G, or 2 (P + G - I) for `jaccard`.
 */
export function createDiceLoss(args: DiceArgs): Loss {
  return (logits, label) => {
    const { prediction, target } = overlapOperands(args, logits, label);
    const axes = overlapAxes(prediction, args.batch);
    const intersection = reduceSum(multiply(prediction, target), axes);
    const [predicted, labelled] = [prediction, target].map((x) =>
      reduceSum(args.squared_pred ? multiply(x, x) : x, axes),
    );
    const total = add(predicted, labelled);
    const denominator = args.jaccard ? multiply(subtract(total, intersection), 2) : total;
    const score = divide(add(multiply(intersection, 2), args.smooth_nr), add(denominator, args.smooth_dr));
    return reduceLoss(subtract(1, score), args.reduction);
  };
}
