import { range } from '../graph/shape.ts';
import {
  conv,
  convTranspose,
  kernelExtent,
  reshape,
  reverse,
  transpose,
  type ConvolutionGeometry,
} from '../graph/ops/index.ts';
import type { Shape, Value } from '../graph/value.ts';

/**
 * Gradient of a convolution with respect to its image:
 * `dx[n, i, q] = sum over o, k of w[o, i, k] * dy[n, o, (q + pad - k * dilation) / stride]`, where that is whole.
 *
 * `dy` is `[N, O, ...]`, `w` `[O, I / group, ...kernel]`; the result has the image's shape.
 */
export function convInputGradient(
  dy: Value,
  w: Value,
  imageShape: Shape,
  geometry: ConvolutionGeometry,
): Value {
  const { strides, padsBefore, padsAfter, dilations, group } = geometry;
  const reach = strides.map((_, axis) => kernelExtent(geometry, axis) - 1);
  const padsFit = reach.every((size, axis) => size >= padsBefore[axis] && size >= padsAfter[axis]);
  if (strides.every((stride) => stride === 1) && padsFit) {
    const pads = [
      ...reach.map((size, axis) => size - padsBefore[axis]),
      ...reach.map((size, axis) => size - padsAfter[axis]),
    ];
    return conv(dy, mirrorKernel(w, group), undefined, { pads, dilations, group });
  }
  const outputPadding = imageShape.slice(2).map((size, axis) => {
    const reached = (dy.shape[axis + 2] - 1) * strides[axis] + reach[axis] + 1;
    return size + padsBefore[axis] + padsAfter[axis] - reached;
  });
  return convTranspose(dy, w, undefined, {
    strides,
    pads: [...padsBefore, ...padsAfter],
    dilations,
    group,
    outputPadding,
  });
}

/** The kernel with input and output channels swapped within each group, and mirrored on every spatial axis. */
export function mirrorKernel(w: Value, group: number): Value {
  const [filters, channels, ...kernel] = w.shape;
  const axes = range(2, w.shape.length);
  const grouped = reshape(w, [group, filters / group, channels, ...kernel]);
  const swapped = transpose(grouped, [0, 2, 1, ...axes.map((axis) => axis + 1)]);
  const mirrored = reshape(swapped, [group * channels, filters / group, ...kernel]);
  return kernel.every((size) => size === 1) ? mirrored : reverse(mirrored, axes);
}
