import { FaultError } from '../../common/fault.ts';
import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import { isTensor, type Tensor } from '../data/tensor.ts';
import type { Shape } from '../graph/value.ts';
import type { Inferer } from '../inferers/inferer.ts';
import type { LrSchedule, LrScheduleContext } from '../lr-schedulers/lr-schedule.ts';
import type { Named, Optimizer, Update } from '../optimizers/optimizer.ts';
import { guard, guardAsync, incomplete, requireMethods } from './guard-user-code.ts';

/** `{learningRate, stateShapes?(shape), scalarsAt?(step, learningRate), apply(parameter, gradient, state, scalars)}` */
export function asOptimizer(node: ComponentNode, object: object): Optimizer {
  const own = requireMethods(node, object, 'optimizer', ['apply']) as Pick<
    Optimizer,
    'apply' | 'learningRate'
  > &
    Partial<Optimizer>;
  if (!Number.isFinite(own.learningRate)) throw incomplete(node, 'optimizer', 'learningRate');
  const stateShapes = (shape: Shape): Named<Shape> =>
    guard(node, 'stateShapes', () => own.stateShapes?.(shape) ?? {});
  return {
    name: node.name,
    learningRate: own.learningRate,
    stateShapes,
    scalarsAt: (step, learningRate) =>
      guard(node, 'scalarsAt', () => own.scalarsAt?.(step, learningRate) ?? { learning_rate: learningRate }),
    apply(parameter, gradient, state, scalars): Update {
      const update = guard(node, 'apply', () =>
        own.apply(parameter, gradient, state, scalars),
      ) as Partial<Update>;
      const slots = Object.keys(stateShapes(parameter.shape));
      if (update.parameter === undefined || slots.some((slot) => update.state?.[slot] === undefined))
        throw wrongAnswer(node, 'apply', `{parameter, state: {${slots.join(', ')}}}`);
      return { parameter: update.parameter, state: update.state ?? {} };
    },
  };
}

/** `{rate(epochsCompleted, {learningRate, epochs})}` */
export function asLrSchedule(node: ComponentNode, object: object, context: LrScheduleContext): LrSchedule {
  const own = requireMethods(node, object, 'learning rate scheduler', ['rate']) as {
    rate(epochsCompleted: number, context: LrScheduleContext): number;
  };
  return (epochsCompleted) => {
    const rate = guard(node, 'rate', () => own.rate(epochsCompleted, context));
    if (Number.isFinite(rate) && rate >= 0) return rate;
    throw wrongAnswer(node, 'rate', 'a number of 0 or more');
  };
}

/** `{infer(images, predict)}` */
export function asInferer(node: ComponentNode, object: object): Inferer {
  const own = requireMethods(node, object, 'inferer', ['infer']) as Inferer;
  return {
    async infer(images, predict): Promise<Tensor> {
      const output: unknown = await guardAsync(node, 'infer', () => own.infer(images, predict));
      const [batch, , ...size] = images.shape;
      const isWhole =
        isTensor(output) && [batch, ...size].join() === [output.shape[0], ...output.shape.slice(2)].join();
      if (isWhole) return output;
      throw wrongAnswer(node, 'infer', `a tensor of [${batch}, classes, ${size.join(', ')}]`);
    },
  };
}

function wrongAnswer(node: ComponentNode, method: string, allowed: string): FaultError {
  return new FaultError({
    code: 'user-code',
    message: `"${node.path}" gives something else in ${method} than it has to.`,
    component: node.name,
    allowed,
  });
}
