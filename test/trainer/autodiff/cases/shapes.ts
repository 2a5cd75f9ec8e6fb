import * as ops from '../../../../trainer/graph/ops/index.ts';
import type { Value } from '../../../../trainer/graph/value.ts';
import { gradientCase, type GradientCase } from '../gradient-case.ts';

const indices = (like: Value, numbers: readonly number[], shape: readonly number[]): Value =>
  like.graph.constant(BigInt64Array.from(numbers, BigInt), shape);

export const shapeCases: readonly GradientCase[] = [
  gradientCase('Reshape', 'with -1', [[2, 3, 4]], (x) => ops.reshape(x, [4, -1])),
  gradientCase('Transpose', 'a cycle of three axes', [[2, 3, 4]], (x) => ops.transpose(x, [2, 0, 1])),
  gradientCase(
    'Concat',
    'three parts of different size',
    [
      [2, 1, 2],
      [2, 3, 2],
      [2, 2, 2],
    ],
    (...xs) => ops.concat(xs, 1),
  ),
  gradientCase('Slice', 'a box', [[4, 5, 3]], (x) =>
    ops.slice(x, { starts: [1, 0], ends: [3, -1], axes: [0, 1] }),
  ),
  gradientCase('Slice', 'steps that end before the border', [[7, 5]], (x) =>
    ops.slice(x, { starts: [1, 0], ends: [5, 5], steps: [2, 3] }),
  ),
  gradientCase('Slice', 'steps that end behind the border', [[2, 7]], (x) =>
    ops.slice(x, { starts: [0], ends: [7], axes: [1], steps: [4] }),
  ),
  gradientCase('Reverse', 'two axes', [[2, 3, 4]], (x) => ops.reverse(x, [0, 2])),
  gradientCase('Pad', 'uneven borders', [[2, 3]], (x) =>
    ops.pad(x, { before: [1, 0], after: [2, 3], value: 5 }),
  ),
  gradientCase('Expand', 'new and stretched axes', [[3, 1]], (x) => ops.expand(x, [2, 3, 4])),
  gradientCase('Gather', 'an entry taken twice', [[2, 4, 3]], (x) =>
    ops.gather(x, indices(x, [3, 0, 3, 1], [2, 2]), 1),
  ),
  gradientCase('GatherElements', 'an entry taken twice', [[3, 4]], (x) =>
    ops.gatherElements(x, indices(x, [3, 0, 1, 1, 2, 0], [3, 2]), 1),
  ),
  gradientCase(
    'ScatterElements',
    'two updates at one place',
    [
      [3, 4],
      [3, 2],
    ],
    (x, updates) => ops.scatterAdd(x, indices(x, [3, 0, 1, 1, 2, 0], [3, 2]), updates, 1),
  ),
];
