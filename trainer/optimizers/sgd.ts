import type { SgdArgs } from '../../common/components/optimizers.ts';
import { add, multiply, subtract } from '../graph/ops/index.ts';
import type { Shape, Value } from '../graph/value.ts';
import type { Named, Optimizer, Update } from './optimizer.ts';

/**
 * `torch.optim.SGD`: g = gradient + weight_decay w; with momentum b = momentum b + (1 - dampening) g, started with g
 * itself, and b, or g + momentum b for `nesterov`, takes the place of g; w = w - lr g.
 */
export function createSgd(args: SgdArgs): Optimizer {
  const { momentum, dampening, nesterov, weight_decay: weightDecay } = args;
  return {
    name: 'SGD',
    learningRate: args.lr,
    stateShapes: (shape): Named<Shape> => (momentum === 0 ? {} : { momentum_buffer: shape }),
    scalarsAt: (step, learningRate) => ({
      learning_rate: learningRate,
      ...(momentum !== 0 && { gradient_share: step === 1 ? 1 : 1 - dampening }),
    }),
    apply(parameter, gradient, state, scalars): Update {
      const decayed = weightDecay === 0 ? gradient : add(gradient, multiply(parameter, weightDecay));
      const move = (direction: Value) => subtract(parameter, multiply(direction, scalars.learning_rate));
      if (momentum === 0) return { parameter: move(decayed), state: {} };
      const buffer = add(
        multiply(state.momentum_buffer, momentum),
        multiply(decayed, scalars.gradient_share),
      );
      const direction = nesterov ? add(decayed, multiply(buffer, momentum)) : buffer;
      return { parameter: move(direction), state: { momentum_buffer: buffer } };
    },
  };
}
