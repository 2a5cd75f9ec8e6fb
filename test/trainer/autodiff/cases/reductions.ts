import * as ops from '../../../../trainer/graph/ops/index.ts';
import { gradientCase, type GradientCase } from '../gradient-case.ts';

const distinct = (shape: readonly number[]) => ({ shape, distinct: true });

export const reductionCases: readonly GradientCase[] = [
  gradientCase('ReduceSum', 'all axes', [[2, 3, 4]], (x) => ops.reduceSum(x)),
  gradientCase('ReduceSum', 'an inner axis, dropped', [[2, 3, 4]], (x) => ops.reduceSum(x, [1])),
  gradientCase('ReduceMean', 'outer axes, kept', [[2, 3, 4]], (x) => ops.reduceMean(x, [0, -1], true)),
  gradientCase('ReduceMean', 'outer axes, dropped', [[2, 3, 4]], (x) => ops.reduceMean(x, [0, -1])),
  gradientCase('ReduceMax', 'an inner axis, dropped', [distinct([2, 3, 4])], (x) => ops.reduceMax(x, [1])),
  gradientCase('ReduceMin', 'two axes, kept', [distinct([2, 3, 4])], (x) => ops.reduceMin(x, [0, 2], true)),
  gradientCase('Softmax', 'the channels of an image', [[2, 3, 2, 2]], (x) => ops.softmax(x, 1)),
  gradientCase('LogSoftmax', 'the last axis', [[2, 5]], (x) => ops.logSoftmax(x, -1)),
  gradientCase('Standardize', 'inner axes', [[2, 3, 2, 4]], (x) => ops.standardize(x, [2, 3], 0.01).y),
  gradientCase(
    'Standardize',
    'instance normalisation with scale and bias',
    [[2, 3, 5], [3], [3]],
    (x, scale, bias) => ops.instanceNormalization(x, { scale, bias }),
  ),
  gradientCase(
    'Standardize',
    'group normalisation with scale and bias',
    [[2, 4, 2, 3], [4], [4]],
    (x, scale, bias) => ops.groupNormalization(x, 2, { scale, bias }),
  ),
  gradientCase(
    'Standardize',
    'batch normalisation with scale and bias',
    [[2, 3, 2, 3], [3], [3]],
    (x, scale, bias) => ops.batchNormalization(x, { scale, bias }).y,
  ),
  gradientCase(
    'MatMul',
    'plain',
    [
      [2, 3],
      [3, 4],
    ],
    ops.matMul,
  ),
  gradientCase(
    'MatMul',
    'stacks stretched on both sides',
    [
      [2, 1, 2, 3],
      [4, 3, 2],
    ],
    ops.matMul,
  ),
];
