import { ints } from '../attribute.ts';
import { graphError, range } from '../shape.ts';
import type { Shape, Value } from '../value.ts';

/** Settings of a pooling. A single number holds for every spatial axis. */
export interface PoolOptions {
  readonly kernel: number | Shape;
  /** Default: the kernel, so that windows touch. */
  readonly strides?: number | Shape;
}

/** Largest number of each window, per channel; voxels behind the last whole window are not seen. */
export function maxPool(x: Value, { kernel, strides = kernel }: PoolOptions): Value {
  const rank = x.shape.length - 2;
  const perAxis = (setting: number | Shape): Shape =>
    typeof setting === 'number' ? range(0, Math.max(rank, 0)).map(() => setting) : setting;
  const window = perAxis(kernel);
  const steps = perAxis(strides);
  if (rank < 1 || window.length !== rank || steps.length !== rank)
    throw graphError(
      'MaxPool',
      `kernel [${window}] and strides [${steps}] need one size per spatial axis`,
      x,
    );
  const spatial = window.map((size, axis) => Math.floor((x.shape[axis + 2] - size) / steps[axis]) + 1);
  if (spatial.some((size) => size < 1))
    throw graphError('MaxPool', `the window [${window}] is larger than the image`, x);
  const shape = [...x.shape.slice(0, 2), ...spatial];
  return x.graph.node('MaxPool', [x], { kernel_shape: ints(window), strides: ints(steps) }, [
    { dtype: x.dtype, shape },
    { dtype: 'int64', shape },
  ])[0];
}
