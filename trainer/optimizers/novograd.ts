import type { NovogradArgs } from '../../common/components/optimizers.ts';
import {
  add,
  divide,
  equal,
  maximum,
  multiply,
  reduceSum,
  sqrt,
  subtract,
  where,
} from '../graph/ops/index.ts';
import type { Optimizer } from './optimizer.ts';

/**
 * `monai.optimizers.Novograd` (0.8.1): the second moment v is one number per tensor, the running average of the squared
 * norm of its gradient, started with the first one. g' = g / (sqrt(v) + eps) + weight_decay w, times 1 - b1 with
 * `grad_averaging`; m = b1 m + g'; w = w - lr m. There is no bias correction.
 */
export function createNovograd(args: NovogradArgs): Optimizer {
  const [beta1, beta2] = args.betas;
  return {
    name: 'Novograd',
    learningRate: args.lr,
    stateShapes: (shape) => ({ exp_avg: shape, exp_avg_sq: [], ...(args.amsgrad && { max_exp_avg_sq: [] }) }),
    scalarsAt: (_step, learningRate) => ({ learning_rate: learningRate }),
    apply(parameter, gradient, state, { learning_rate: learningRate }) {
      const norm = reduceSum(multiply(gradient, gradient));
      const blended = add(multiply(state.exp_avg_sq, beta2), multiply(norm, 1 - beta2));
      const second = where(equal(state.exp_avg_sq, 0), norm, blended);
      const largest = args.amsgrad ? maximum(state.max_exp_avg_sq, second) : second;
      const normalized = divide(gradient, add(sqrt(largest), args.eps));
      const decayed =
        args.weight_decay === 0 ? normalized : add(normalized, multiply(parameter, args.weight_decay));
      const averaged = args.grad_averaging ? multiply(decayed, 1 - beta1) : decayed;
      const first = add(multiply(state.exp_avg, beta1), averaged);
      return {
        parameter: subtract(parameter, multiply(first, learningRate)),
        state: { exp_avg: first, exp_avg_sq: second, ...(args.amsgrad && { max_exp_avg_sq: largest }) },
      };
    },
  };
}
