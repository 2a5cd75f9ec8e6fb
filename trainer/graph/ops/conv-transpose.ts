import { ints } from '../attribute.ts';
import { graphError, range, sameShape } from '../shape.ts';
import type { Shape, Value } from '../value.ts';
import { geometryAttributes } from './conv.ts';
import { kernelExtent, resolveGeometry, type ConvolutionOptions } from './convolution-geometry.ts';

/** Settings of a transposed convolution. */
export interface ConvTransposeOptions extends ConvolutionOptions {
  /** Voxels added behind the last one of each axis, fewer than the stride or the dilation. Default 0. */
  readonly outputPadding?: number | Shape;
}

/**
 * Transposed convolution, the adjoint of {@link conv} with respect to its image:
 * `y[n, o, p * stride + k * dilation - pad] += w[i, o, k] * x[n, i, p]`, plus `b[o]`.
 *
 * `x` is `[N, C, ...]`, `w` `[C, O / group, ...kernel]`, `b` `[O]`. Size of an axis:
 * `(size - 1) * stride - pads + (kernel - 1) * dilation + 1 + outputPadding`.
 */
export function convTranspose(x: Value, w: Value, b?: Value, options: ConvTransposeOptions = {}): Value {
  const geometry = resolveGeometry('ConvTranspose', x, w, options);
  const { group, strides, padsBefore, padsAfter } = geometry;
  const filters = w.shape[1] * group;
  if (x.shape[1] !== w.shape[0] || x.shape[1] % group !== 0)
    throw graphError('ConvTranspose', `channels do not fit the kernel with group ${group}`, x, w);
  if (b !== undefined && !sameShape(b.shape, [filters]))
    throw graphError('ConvTranspose', `the bias must have the shape [${filters}]`, x, w, b);
  const { outputPadding = 0 } = options;
  const extra =
    typeof outputPadding === 'number' ? range(0, strides.length).map(() => outputPadding) : outputPadding;
  if (
    extra.length !== strides.length ||
    !extra.every((size, axis) => size >= 0 && size < Math.max(strides[axis], geometry.dilations[axis]))
  )
    throw graphError(
      'ConvTranspose',
      `outputPadding [${extra}] must be smaller than stride or dilation`,
      x,
      w,
    );
  const spatial = x.shape.slice(2).map((size, axis) => {
    const full = (size - 1) * strides[axis] + kernelExtent(geometry, axis) + extra[axis];
    return full - padsBefore[axis] - padsAfter[axis];
  });
  if (spatial.some((size) => size < 1))
    throw graphError('ConvTranspose', 'the padding eats the whole output', x, w);
  const attributes = { ...geometryAttributes(geometry), output_padding: ints(extra) };
  const inputs = b === undefined ? [x, w] : [x, w, b];
  const shape = [x.shape[0], filters, ...spatial];
  return x.graph.node('ConvTranspose', inputs, attributes, [{ dtype: x.dtype, shape }])[0];
}
