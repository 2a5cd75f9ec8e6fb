import { FaultError } from '../../common/fault.ts';
import { oneHot, sigmoid, slice, softmax } from '../graph/ops/index.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';

/** What the overlap losses have in common. */
export interface OverlapArgs {
  readonly include_background: boolean;
  readonly to_onehot_y: boolean;
  readonly sigmoid: boolean;
  readonly softmax: boolean;
}

/** Two tensors of one shape (batch, class, ...spatial). */
export interface Operands {
  readonly prediction: Value;
  readonly target: Value;
}

/**
 * Prediction and target as an overlap loss compares them: activated, one channel per class, without class 0 if wanted.
 * With a single channel softmax, one-hot and the choice of background do nothing, as in MONAI 0.8.1.
 */
export function overlapOperands(args: OverlapArgs, logits: Value, label: Value): Operands {
  const several = logits.shape[1] > 1;
  const activated = args.sigmoid ? sigmoid(logits) : args.softmax && several ? softmax(logits, 1) : logits;
  return countedOperands(args, activated, label);
}

/** Like {@link overlapOperands}, without an activation. */
export function countedOperands(
  args: Pick<OverlapArgs, 'include_background' | 'to_onehot_y'>,
  prediction: Value,
  label: Value,
): Operands {
  const classes = prediction.shape[1];
  const target = args.to_onehot_y && classes > 1 ? oneHot(label, classes, 1) : label;
  if (!sameShape(prediction.shape, target.shape)) {
    throw new FaultError({
      code: 'wrong-argument',
      message: `Tensors of one shape are compared, not ${formatShape(prediction.shape)} with ${formatShape(target.shape)}.`,
      argument: 'to_onehot_y',
      allowed: 'true for a label of class numbers, false for one with a channel per class',
    });
  }
  if (args.include_background || classes === 1) return { prediction, target };
  return { prediction: withoutBackground(prediction), target: withoutBackground(target) };
}

const withoutBackground = (x: Value): Value => slice(x, { axes: [1], starts: [1], ends: [x.shape[1]] });

/** The spatial axes of (batch, class, ...spatial); the batch axis too when `batch`. */
export function overlapAxes(x: Value, batch = false): number[] {
  const spatial = x.shape.map((_, axis) => axis).slice(2);
  return batch ? [0, ...spatial] : spatial;
}
