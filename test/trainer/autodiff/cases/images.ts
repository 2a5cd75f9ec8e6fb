import * as ops from '../../../../trainer/graph/ops/index.ts';
import { gradientCase, type GradientCase } from '../gradient-case.ts';

const distinct = (shape: readonly number[]) => ({ shape, distinct: true });

export const imageCases: readonly GradientCase[] = [
  gradientCase('Conv', '3-D, 3x3x3, padded, with bias', [[2, 2, 4, 3, 5], [3, 2, 3, 3, 3], [3]], (x, w, b) =>
    ops.conv(x, w, b, { pads: 1 }),
  ),
  gradientCase(
    'Conv',
    '3-D, stride 2, padded, even size',
    [[2, 2, 4, 4, 6], [3, 2, 3, 3, 3], [3]],
    (x, w, b) => ops.conv(x, w, b, { pads: 1, strides: 2 }),
  ),
  gradientCase(
    'Conv',
    '3-D, stride 2, padded, odd size',
    [
      [1, 2, 5, 3, 5],
      [2, 2, 3, 3, 3],
    ],
    (x, w) => ops.conv(x, w, undefined, { pads: 1, strides: 2 }),
  ),
  gradientCase(
    'Conv',
    '3-D, strides 2, 1, 3, no padding',
    [
      [1, 2, 4, 3, 7],
      [2, 2, 2, 2, 3],
    ],
    (x, w) => ops.conv(x, w, undefined, { strides: [2, 1, 3] }),
  ),
  gradientCase('Conv', '3-D, kernel 1', [[2, 3, 2, 3, 2], [4, 3, 1, 1, 1], [4]], (x, w, b) =>
    ops.conv(x, w, b),
  ),
  gradientCase(
    'Conv',
    '3-D, kernel 1, stride 2',
    [
      [2, 3, 4, 3, 2],
      [4, 3, 1, 1, 1],
    ],
    (x, w) => ops.conv(x, w, undefined, { strides: 2 }),
  ),
  gradientCase(
    'Conv',
    '3-D, kernel and stride 2',
    [
      [2, 3, 4, 2, 4],
      [4, 3, 2, 2, 2],
    ],
    (x, w) => ops.conv(x, w, undefined, { strides: 2 }),
  ),
  gradientCase(
    'Conv',
    '2-D, uneven padding and dilation',
    [
      [2, 2, 6, 7],
      [3, 2, 3, 2],
    ],
    (x, w) => ops.conv(x, w, undefined, { pads: [1, 0, 2, 1], dilations: [2, 3] }),
  ),
  gradientCase(
    'Conv',
    '2-D, padding wider than the kernel reaches',
    [
      [1, 2, 3, 4],
      [2, 2, 2, 1],
    ],
    (x, w) => ops.conv(x, w, undefined, { pads: 2 }),
  ),
  gradientCase('Conv', '2-D, two groups', [[2, 4, 5, 4], [6, 2, 3, 3], [6]], (x, w, b) =>
    ops.conv(x, w, b, { pads: 1, group: 2 }),
  ),
  gradientCase(
    'Conv',
    '3-D, a group per channel, stride 2',
    [
      [2, 3, 4, 4, 4],
      [3, 1, 3, 3, 3],
    ],
    (x, w) => ops.conv(x, w, undefined, { pads: 1, strides: 2, group: 3 }),
  ),
  gradientCase(
    'Conv',
    '1-D',
    [
      [2, 2, 7],
      [3, 2, 3],
    ],
    (x, w) => ops.conv(x, w, undefined, { pads: 1 }),
  ),
  gradientCase(
    'ConvTranspose',
    '3-D, MONAI: kernel 3, stride 2',
    [[2, 3, 2, 3, 2], [3, 2, 3, 3, 3], [2]],
    (x, w, b) => ops.convTranspose(x, w, b, { strides: 2, pads: 1, outputPadding: 1 }),
  ),
  gradientCase(
    'ConvTranspose',
    '3-D, kernel and stride 2',
    [
      [2, 3, 2, 3, 2],
      [3, 2, 2, 2, 2],
    ],
    (x, w) => ops.convTranspose(x, w, undefined, { strides: 2 }),
  ),
  gradientCase(
    'ConvTranspose',
    '3-D, stride 1',
    [
      [1, 2, 3, 3, 4],
      [2, 3, 3, 3, 3],
    ],
    (x, w) => ops.convTranspose(x, w, undefined, { pads: 1 }),
  ),
  gradientCase(
    'ConvTranspose',
    '2-D, groups, dilation, uneven strides',
    [[2, 4, 3, 4], [4, 2, 3, 2], [4]],
    (x, w, b) =>
      ops.convTranspose(x, w, b, {
        strides: [2, 3],
        pads: [1, 0],
        dilations: [1, 2],
        group: 2,
        outputPadding: [1, 2],
      }),
  ),
  gradientCase('MaxPool', '3-D, touching windows', [distinct([1, 2, 4, 4, 2])], (x) =>
    ops.maxPool(x, { kernel: 2 }),
  ),
  gradientCase('MaxPool', '2-D, overlapping windows', [distinct([2, 2, 5, 4])], (x) =>
    ops.maxPool(x, { kernel: [3, 2], strides: [2, 1] }),
  ),
  gradientCase('Resize', '3-D, with an axis of one voxel', [[2, 2, 3, 1, 4]], ops.resizeTrilinear2x),
  gradientCase('Resize', '1-D', [[1, 2, 5]], ops.resizeTrilinear2x),
];
