import * as ops from '../../../../trainer/graph/ops/index.ts';
import { gradientCase, type GradientCase } from '../gradient-case.ts';

const positive = (shape: readonly number[]) => ({ shape, range: [0.4, 1.6] as const });

export const elementwiseCases: readonly GradientCase[] = [
  gradientCase(
    'Add',
    'equal shapes',
    [
      [2, 3],
      [2, 3],
    ],
    ops.add,
  ),
  gradientCase(
    'Add',
    'the second stretched in front and inside',
    [
      [2, 3, 4],
      [3, 1],
    ],
    ops.add,
  ),
  gradientCase(
    'Add',
    'both stretched',
    [
      [2, 1, 4],
      [3, 1],
    ],
    ops.add,
  ),
  gradientCase('Add', 'the same tensor twice', [[2, 3]], (x) => ops.add(x, x)),
  gradientCase(
    'Sub',
    'equal shapes',
    [
      [2, 3],
      [2, 3],
    ],
    ops.subtract,
  ),
  gradientCase('Sub', 'from a single number', [[], [2, 3]], ops.subtract),
  gradientCase('Sub', 'a constant on the left', [[2, 3]], (x) => ops.subtract(1, x)),
  gradientCase(
    'Mul',
    'equal shapes',
    [
      [2, 3],
      [2, 3],
    ],
    ops.multiply,
  ),
  gradientCase(
    'Mul',
    'one number per channel',
    [
      [2, 3, 2, 2],
      [3, 1, 1],
    ],
    ops.multiply,
  ),
  gradientCase('Mul', 'squared', [[2, 3]], (x) => ops.multiply(x, x)),
  gradientCase('Div', 'equal shapes', [[2, 3], positive([2, 3])], ops.divide),
  gradientCase('Div', 'both stretched', [[2, 1], positive([3])], ops.divide),
  gradientCase('Pow', 'constant exponent', [[2, 3]], (x) => ops.power(x, 3)),
  gradientCase('Pow', 'base and exponent stretched', [positive([2, 1]), [3]], ops.power),
  gradientCase('Max', 'equal shapes', [[2, 3], { shape: [2, 3], range: [-0.1, 0.1] }], ops.maximum),
  gradientCase('Max', 'with a number', [[2, 3]], (x) => ops.maximum(x, 0)),
  gradientCase('Min', 'the second stretched', [[2, 3], { shape: [3], range: [-0.1, 0.1] }], ops.minimum),
  gradientCase('Neg', 'plain', [[2, 3]], ops.negate),
  gradientCase('Exp', 'plain', [[2, 3]], ops.exp),
  gradientCase('Log', 'plain', [positive([2, 3])], ops.log),
  gradientCase('Sqrt', 'plain', [positive([2, 3])], ops.sqrt),
  gradientCase('Reciprocal', 'plain', [{ shape: [2, 3], range: [0.8, 2] }], ops.reciprocal),
  gradientCase('Abs', 'both signs', [[2, 3]], ops.absolute),
  gradientCase('Identity', 'plain', [[2, 3]], ops.identity),
  gradientCase('Relu', 'both signs', [[2, 5]], ops.relu),
  gradientCase('LeakyRelu', 'default slope', [[2, 5]], (x) => ops.leakyRelu(x)),
  gradientCase('LeakyRelu', 'a negative slope', [[2, 5]], (x) => ops.leakyRelu(x, -0.5)),
  gradientCase('Elu', 'both signs', [[2, 5]], (x) => ops.elu(x, 1.5)),
  gradientCase('PRelu', 'one slope', [[2, 3, 4], [1]], ops.prelu),
  gradientCase(
    'PRelu',
    'a slope per channel',
    [
      [2, 3, 2, 2],
      [3, 1, 1],
    ],
    ops.prelu,
  ),
  gradientCase('Sigmoid', 'both signs', [[2, 5]], ops.sigmoid),
  gradientCase('Softplus', 'both signs', [[2, 5]], ops.softplus),
  gradientCase('Tanh', 'both signs', [[2, 5]], ops.tanh),
  gradientCase('Clip', 'inside and outside', [{ shape: [2, 8], distinct: true }], (x) =>
    ops.clip(x, -0.75, 1.05),
  ),
  gradientCase('Where', 'both sides stretched', [[2, 3], [3], [2, 1]], (x, a, b) =>
    ops.add(ops.where(ops.greater(x, 0), a, b), x),
  ),
];
