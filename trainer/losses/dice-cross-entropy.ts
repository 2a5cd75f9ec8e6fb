import type { DiceCELossArgs } from '../../common/components/losses.ts';
import { add, multiply } from '../graph/ops/index.ts';
import { createCrossEntropy } from './cross-entropy.ts';
import { createDiceLoss } from './dice.ts';
import type { Loss } from './loss.ts';

/**
 * `monai.losses.DiceCELoss` (0.8.1): lambda_dice times the Dice loss plus lambda_ce times the cross entropy of the raw
 * logits. Whether the background counts matters to the Dice part only.
 */
export function createDiceCELoss(args: DiceCELossArgs): Loss {
  const dice = createDiceLoss(args);
  const crossEntropy = createCrossEntropy({ weight: args.ce_weight, reduction: args.reduction });
  return (logits, label) =>
    add(
      multiply(dice(logits, label), args.lambda_dice),
      multiply(crossEntropy(logits, label), args.lambda_ce),
    );
}
