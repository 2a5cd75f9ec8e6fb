import { FaultError } from '../../common/fault.ts';
import type { FocalLossArgs } from '../../common/components/losses.ts';
import { add, exp, multiply, negate, reduceMean, reduceSum, softplus, subtract } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { Loss } from './loss.ts';
import { countedOperands, overlapAxes } from './overlap-operands.ts';

/**
 * `monai.losses.FocalLoss` (0.8.1): per class binary cross entropy of the logit x against the target t, times
 * (1 - p_t) ^ gamma, where p_t = sigmoid(x (2 t - 1)); times the weight of the class; the mean over everything, or the
 * spatial mean summed over items and classes for `sum`.
 */
export function createFocalLoss(args: FocalLossArgs): Loss {
  return (logits, label) => {
    const { prediction: x, target } = countedOperands(args, logits, label);
    const crossEntropy = add(subtract(x, multiply(x, target)), softplus(negate(x)));
    const signed = multiply(x, subtract(multiply(target, 2), 1));
    // log(1 - p_t) = -softplus(x (2 t - 1))
    const focus = exp(multiply(softplus(signed), -args.gamma));
    const values = weightClasses(multiply(focus, crossEntropy), args.weight);
    return args.reduction === 'sum' ? reduceSum(reduceMean(values, overlapAxes(values))) : reduceMean(values);
  };
}

function weightClasses(values: Value, weight: number | readonly number[] | null): Value {
  if (weight === null) return values;
  if (typeof weight === 'number') return multiply(values, weight);
  const [, classes, ...spatial] = values.shape;
  if (weight.length !== classes) {
    throw new FaultError({
      code: 'wrong-argument',
      message: `There are ${weight.length} weights, but ${classes} classes count.`,
      allowed: 'one number per class that counts',
    });
  }
  return multiply(
    values,
    values.graph.constant(Float32Array.from(weight), [1, classes, ...spatial.map(() => 1)]),
  );
}
