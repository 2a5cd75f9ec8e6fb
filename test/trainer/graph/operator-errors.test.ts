import { describe, expect, it } from 'vitest';
import { Graph } from '../../../trainer/graph/graph.ts';
import * as ops from '../../../trainer/graph/ops/index.ts';
import type { Value } from '../../../trainer/graph/value.ts';

type Build = (...inputs: Value[]) => Value;

describe('operators refuse, with their name and the operands', () => {
  it.each<[string, readonly (readonly number[])[], Build, string]>([
    [
      'shapes that do not broadcast',
      [[2, 3], [4]],
      ops.add,
      'Add: the shapes do not broadcast (operands: float32[2, 3], float32[4])',
    ],
    [
      'two element types',
      [[2], [2]],
      (a, b) => ops.multiply(a, ops.cast(b, 'int32')),
      'Mul: the element types differ (operands: float32[2], int32[2])',
    ],
    ['two numbers', [], () => ops.add(1, 2), 'Add: one operand must be a tensor, not both numbers'],
    ['a slope that does not fit', [[2, 3], [2]], ops.prelu, 'PRelu: the shapes do not broadcast'],
    [
      'a slope larger than the tensor',
      [[3], [2, 3]],
      ops.prelu,
      'PRelu: the slope must broadcast to the input',
    ],
    [
      'bounds in the wrong order',
      [[2]],
      (x) => ops.clip(x, 1, 0),
      'Clip: the lower bound 1 is above the upper bound 0',
    ],
    [
      'matrices that do not meet',
      [
        [2, 3],
        [4, 5],
      ],
      ops.matMul,
      'MatMul: 3 columns meet 4 rows',
    ],
    ['a vector as a matrix', [[3], [3, 2]], ops.matMul, 'MatMul: both operands must have at least two axes'],
    [
      'an axis outside',
      [[2, 3]],
      (x) => ops.softmax(x, 2),
      'Softmax: axis 2 is not an axis of a tensor with 2 axes',
    ],
    [
      'an axis named twice',
      [[2, 3]],
      (x) => ops.reduceSum(x, [0, -2]),
      'ReduceSum: an axis is named twice in [0, -2]',
    ],
    [
      'numbers that do not fit',
      [[2, 3]],
      (x) => ops.reshape(x, [4, -1]),
      'Reshape: the numbers do not fit [4, -1] (operands: float32[2, 3])',
    ],
    ['two open sizes', [[2, 3]], (x) => ops.reshape(x, [-1, -1]), 'Reshape: the numbers do not fit [-1, -1]'],
    ['an axis left out', [[2, 3]], (x) => ops.transpose(x, [0]), 'Transpose: [0] must name every axis once'],
    ['nothing to join', [], () => ops.concat([], 0), 'Concat: nothing to join'],
    [
      'parts that do not fit',
      [
        [2, 3],
        [3, 3],
      ],
      (a, b) => ops.concat([a, b], 1),
      'Concat: only axis 1 may differ',
    ],
    ['an empty box', [[2, 3]], (x) => ops.slice(x, { starts: [1], ends: [1] }), 'Slice: [1] to [1] is empty'],
    [
      'a box of uneven settings',
      [[2, 3]],
      (x) => ops.slice(x, { starts: [1], ends: [1, 2] }),
      'Slice: starts, ends, axes and steps differ',
    ],
    [
      'a backward step',
      [[2, 3]],
      (x) => ops.slice(x, { starts: [1], ends: [0], steps: [-1] }),
      'Slice: steps [-1] must be at least 1',
    ],
    [
      'a negative border',
      [[2]],
      (x) => ops.pad(x, { before: [-1], after: [0] }),
      'Pad: before [-1] and after [0] must be 1 sizes each',
    ],
    ['a shape that it cannot become', [[2, 3]], (x) => ops.expand(x, [2, 1]), 'Expand: cannot become [2, 1]'],
    [
      'positions that are no whole numbers',
      [[2], [2]],
      (x, at) => ops.gather(x, at),
      'Gather: indices must be int32 or int64',
    ],
    [
      'positions outside',
      [
        [2, 3],
        [3, 1],
      ],
      (x, at) => ops.gatherElements(x, ops.cast(at, 'int64'), 1),
      'GatherElements: indices must lie within',
    ],
    [
      'updates without a position',
      [[3], [2], [1]],
      (x, at, updates) => ops.scatterAdd(x, ops.cast(at, 'int64'), updates, 0),
      'ScatterElements: indices and updates must agree',
    ],
    ['logic of numbers', [[2]], (x) => ops.logicalNot(x), 'Not: takes bool only'],
    ['a condition that is a number', [[2]], (x) => ops.where(x, x, 0), 'Where: takes a bool condition'],
    [
      'comparison of two element types',
      [[2]],
      (x) => ops.equal(x, ops.cast(x, 'int32')),
      'Equal: the element types differ',
    ],
    [
      'labels with several channels',
      [[1, 2, 4]],
      (x) => ops.oneHot(x, 3, 1),
      'OneHot: axis 1 must have size 1',
    ],
    [
      'everything dropped',
      [[2], [2]],
      (x, mask) => ops.dropoutWithMask(x, mask, 1),
      'dropout: the share 1 must be at least 0 and below 1',
    ],
    [
      'a mask that does not fit',
      [[2], [2, 2]],
      (x, mask) => ops.dropoutWithMask(x, mask, 0.5),
      'dropout: the mask must broadcast to the input',
    ],
    [
      'a window of another rank',
      [[1, 1, 4, 4]],
      (x) => ops.maxPool(x, { kernel: [2] }),
      'MaxPool: kernel [2] and strides [2]',
    ],
    [
      'a window larger than the image',
      [[1, 1, 4]],
      (x) => ops.maxPool(x, { kernel: 5 }),
      'MaxPool: the window [5] is larger than the image',
    ],
    ['an image without space', [[1, 1]], ops.resizeTrilinear2x, 'Resize: takes one to three spatial axes'],
    [
      'normalising without space',
      [[2, 3]],
      (x) => ops.instanceNormalization(x),
      'InstanceNormalization: takes [batch, channels, ...]',
    ],
    [
      'groups that do not split',
      [[2, 3, 4]],
      (x) => ops.groupNormalization(x, 2),
      'GroupNormalization: 3 channels do not split into 2 groups',
    ],
    [
      'a scale of another size',
      [[2, 3, 4], [4]],
      (x, scale) => ops.batchNormalization(x, { scale }).y,
      'BatchNormalization: scale and bias must have the shape [3]',
    ],
  ])('%s', (_, shapes, build, message) => {
    const graph = new Graph();
    const inputs = shapes.map((shape, index) => graph.input(`x${index}`, shape));
    expect(() => build(...inputs)).toThrow(message);
  });
});
