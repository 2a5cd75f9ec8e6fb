import { int, ints } from '../attribute.ts';
import { graphError, sameShape } from '../shape.ts';
import type { Value } from '../value.ts';
import {
  kernelExtent,
  resolveGeometry,
  type ConvolutionGeometry,
  type ConvolutionOptions,
} from './convolution-geometry.ts';

/**
 * Convolution as neural networks have it (a correlation): `y[n, o, p] = b[o] + sum over i, k of
 * w[o, i, k] * x[n, i, p * stride + k * dilation - pad]`.
 *
 * `x` is `[N, C, ...]`, `w` `[O, C / group, ...kernel]`, `b` `[O]`; any number of spatial axes.
 */
export function conv(x: Value, w: Value, b?: Value, options: ConvolutionOptions = {}): Value {
  const geometry = resolveGeometry('Conv', x, w, options);
  const { group } = geometry;
  const [filters, channelsPerGroup] = w.shape;
  if (x.shape[1] !== channelsPerGroup * group || filters % group !== 0)
    throw graphError('Conv', `channels do not fit the kernel with group ${group}`, x, w);
  if (b !== undefined && !sameShape(b.shape, [filters]))
    throw graphError('Conv', `the bias must have the shape [${filters}]`, x, w, b);
  const spatial = x.shape.slice(2).map((size, axis) => outputSize(geometry, size, axis));
  if (spatial.some((size) => size < 1))
    throw graphError('Conv', 'the kernel is larger than the padded image', x, w);
  const inputs = b === undefined ? [x, w] : [x, w, b];
  const shape = [x.shape[0], filters, ...spatial];
  return x.graph.node('Conv', inputs, geometryAttributes(geometry), [{ dtype: x.dtype, shape }])[0];
}

function outputSize(geometry: ConvolutionGeometry, size: number, axis: number): number {
  const padded = size + geometry.padsBefore[axis] + geometry.padsAfter[axis];
  return Math.floor((padded - kernelExtent(geometry, axis)) / geometry.strides[axis]) + 1;
}

/** The attributes that Conv and ConvTranspose share. */
export const geometryAttributes = (geometry: ConvolutionGeometry) => ({
  kernel_shape: ints(geometry.kernel),
  strides: ints(geometry.strides),
  pads: ints([...geometry.padsBefore, ...geometry.padsAfter]),
  dilations: ints(geometry.dilations),
  group: int(geometry.group),
});
