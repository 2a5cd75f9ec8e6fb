import { float } from '../attribute.ts';
import { broadcastShapes, graphError, sameShape } from '../shape.ts';
import type { Value } from '../value.ts';

const activation = (opType: string, x: Value): Value =>
  x.graph.node(opType, [x], {}, [{ dtype: x.dtype, shape: x.shape }])[0];

/** `max(x, 0)` */
export const relu = (x: Value): Value => activation('Relu', x);
/** `1 / (1 + e ** -x)` */
export const sigmoid = (x: Value): Value => activation('Sigmoid', x);
/** `log(1 + e ** x)`, safe for large `x`. */
export const softplus = (x: Value): Value => activation('Softplus', x);
/** Hyperbolic tangent. */
export const tanh = (x: Value): Value => activation('Tanh', x);

/** `x` where positive, else `slope * x`. `slope` defaults to 0.01, as in torch. */
export const leakyRelu = (x: Value, slope = 0.01): Value =>
  x.graph.node('LeakyRelu', [x], { alpha: float(slope) }, [{ dtype: x.dtype, shape: x.shape }])[0];

/** `x` where positive, else `alpha * (e ** x - 1)`. `alpha` defaults to 1. */
export const elu = (x: Value, alpha = 1): Value =>
  x.graph.node('Elu', [x], { alpha: float(alpha) }, [{ dtype: x.dtype, shape: x.shape }])[0];

/**
 * `x` where positive, else `slope * x` with a learned slope, which must broadcast to `x`: `[1]` for one slope, or
 * `[C, 1, 1, 1]` for one per channel of a 3-D image.
 */
export function prelu(x: Value, slope: Value): Value {
  if (!sameShape(broadcastShapes('PRelu', x, slope), x.shape))
    throw graphError('PRelu', 'the slope must broadcast to the input', x, slope);
  return x.graph.node('PRelu', [x, slope], {}, [{ dtype: x.dtype, shape: x.shape }])[0];
}
