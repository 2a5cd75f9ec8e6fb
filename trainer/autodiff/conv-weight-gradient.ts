import { range, sizeOf } from '../graph/shape.ts';
import {
  concat,
  geometryAttributes,
  matMul,
  pad,
  reduceSum,
  reshape,
  slice,
  transpose,
  type ConvolutionGeometry,
} from '../graph/ops/index.ts';
import type { Shape, Value } from '../graph/value.ts';

/**
 * Gradient of a convolution with respect to its kernel:
 * `dw[o, i, k] = sum over n, p of dy[n, o, p] * x[n, i, p * stride + k * dilation - pad]`.
 *
 * `x` is `[N, I, ...]`, `dy` `[N, O, ...]`; the result is `[O, I / group, ...kernel]`. One matrix product per kernel
 * position: the part of the padded image that this position has seen, against all of `dy`. A composite, so that a device
 * may compute it in a way of its own.
 */
export function convWeightGradient(x: Value, dy: Value, geometry: ConvolutionGeometry): Value {
  return x.graph.composite('ConvWeightGradient', [x, dy], geometryAttributes(geometry), () => [
    productPerPosition(x, dy, geometry),
  ])[0];
}

function productPerPosition(x: Value, dy: Value, geometry: ConvolutionGeometry): Value {
  const { kernel, padsBefore, padsAfter, group } = geometry;
  const [batch, channels] = x.shape;
  const [, filters, ...outputSize] = dy.shape;
  const voxels = sizeOf(outputSize);
  const padded = pad(x, { before: [0, 0, ...padsBefore], after: [0, 0, ...padsAfter] });
  const rows = reshape(dy, [batch, group, filters / group, voxels]);
  const products = kernelPositions(kernel).map((position) => {
    const seen = seenBy(padded, position, outputSize, geometry);
    const columns = transpose(reshape(seen, [batch, group, channels / group, voxels]), [0, 1, 3, 2]);
    return reshape(matMul(rows, columns), [batch, filters, channels / group, 1]);
  });
  return reshape(reduceSum(concat(products, 3), [0]), [filters, channels / group, ...kernel]);
}

/** Every position within the kernel, in row-major order. */
function kernelPositions(kernel: Shape): number[][] {
  return kernel.reduce<number[][]>(
    (positions, size) => positions.flatMap((head) => range(0, size).map((last) => [...head, last])),
    [[]],
  );
}

/** The voxels of the padded image that one kernel position meets, in the order of the output's voxels. */
function seenBy(
  padded: Value,
  position: Shape,
  outputSize: Shape,
  { strides, dilations }: ConvolutionGeometry,
): Value {
  const starts = position.map((offset, axis) => offset * dilations[axis]);
  const ends = starts.map((start, axis) => start + (outputSize[axis] - 1) * strides[axis] + 1);
  const whole = starts.every((start, axis) => start === 0 && ends[axis] === padded.shape[axis + 2]);
  if (whole && strides.every((stride) => stride === 1)) return padded;
  return slice(padded, { starts, ends, axes: range(2, padded.shape.length), steps: strides });
}
