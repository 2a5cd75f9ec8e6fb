import type { AdamArgs, AdamWArgs } from '../../common/components/optimizers.ts';
import { add, divide, maximum, multiply, sqrt, subtract } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { Named, Optimizer, Update } from './optimizer.ts';

/** `torch.optim.Adam`; weight decay is added to the gradient. */
export function createAdam(args: AdamArgs): Optimizer {
  const decayed = (parameter: Value, gradient: Value): Value =>
    args.weight_decay === 0 ? gradient : add(gradient, multiply(parameter, args.weight_decay));
  return {
    name: 'Adam',
    learningRate: args.lr,
    stateShapes: (shape) => momentShapes(args, shape),
    scalarsAt: (step, learningRate) => adamScalars(args, step, learningRate),
    apply: (parameter, gradient, state, scalars) =>
      adamUpdate(args, parameter, decayed(parameter, gradient), state, scalars),
  };
}

/** `torch.optim.AdamW`; weight decay takes a share of lr * weight_decay off the parameter before the step. */
export function createAdamW(args: AdamWArgs): Optimizer {
  return {
    name: 'AdamW',
    learningRate: args.lr,
    stateShapes: (shape) => momentShapes(args, shape),
    scalarsAt: (step, learningRate) => ({
      ...adamScalars(args, step, learningRate),
      keep: 1 - learningRate * args.weight_decay,
    }),
    apply: (parameter, gradient, state, scalars) =>
      adamUpdate(args, multiply(parameter, scalars.keep), gradient, state, scalars),
  };
}

type MomentArgs = Pick<AdamArgs, 'betas' | 'eps' | 'amsgrad'>;

function momentShapes({ amsgrad }: MomentArgs, shape: readonly number[]): Named<readonly number[]> {
  const shapes = { exp_avg: shape, exp_avg_sq: shape };
  return amsgrad ? { ...shapes, max_exp_avg_sq: shape } : shapes;
}

/** The step size with the first moment's bias taken out, and the root of the second moment's bias. */
function adamScalars({ betas: [beta1, beta2] }: MomentArgs, step: number, learningRate: number) {
  return {
    step_size: learningRate / (1 - beta1 ** step),
    second_moment_scale: Math.sqrt(1 - beta2 ** step),
  };
}

/** m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w = w - step_size m / (sqrt(v) / second_moment_scale + eps). */
function adamUpdate(
  { betas: [beta1, beta2], eps, amsgrad }: MomentArgs,
  parameter: Value,
  gradient: Value,
  state: Named<Value>,
  scalars: Named<Value>,
): Update {
  const first = add(multiply(state.exp_avg, beta1), multiply(gradient, 1 - beta1));
  const second = add(multiply(state.exp_avg_sq, beta2), multiply(multiply(gradient, gradient), 1 - beta2));
  const largest = amsgrad ? maximum(state.max_exp_avg_sq, second) : second;
  const deviation = add(divide(sqrt(largest), scalars.second_moment_scale), eps);
  return {
    parameter: subtract(parameter, multiply(divide(first, deviation), scalars.step_size)),
    state: { exp_avg: first, exp_avg_sq: second, ...(amsgrad && { max_exp_avg_sq: largest }) },
  };
}
