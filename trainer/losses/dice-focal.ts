import type { DiceFocalLossArgs } from '../../common/components/losses.ts';
import { add, multiply } from '../graph/ops/index.ts';
import { createDiceLoss } from './dice.ts';
import { createFocalLoss } from './focal.ts';
import type { Loss } from './loss.ts';

/** `monai.losses.DiceFocalLoss` (0.8.1): lambda_dice times the Dice loss plus lambda_focal times the focal loss. */
export function createDiceFocalLoss(args: DiceFocalLossArgs): Loss {
  const dice = createDiceLoss(args);
  const focal = createFocalLoss({ ...args, weight: args.focal_weight });
  return (logits, label) =>
    add(multiply(dice(logits, label), args.lambda_dice), multiply(focal(logits, label), args.lambda_focal));
}
