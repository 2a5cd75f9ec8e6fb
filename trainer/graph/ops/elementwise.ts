import type { Value } from '../value.ts';

const unary = (opType: string, x: Value): Value =>
  x.graph.node(opType, [x], {}, [{ dtype: x.dtype, shape: x.shape }])[0];

/** `-x` */
export const negate = (x: Value): Value => unary('Neg', x);
/** `e ** x` */
export const exp = (x: Value): Value => unary('Exp', x);
/** Natural logarithm. */
export const log = (x: Value): Value => unary('Log', x);
export const sqrt = (x: Value): Value => unary('Sqrt', x);
/** `1 / x` */
export const reciprocal = (x: Value): Value => unary('Reciprocal', x);
/** `|x|` */
export const absolute = (x: Value): Value => unary('Abs', x);
/** -1, 0 or 1. No gradient passes. */
export const sign = (x: Value): Value => unary('Sign', x);
/** A value of its own with the numbers of `x`. */
export const identity = (x: Value): Value => unary('Identity', x);
/** The numbers of `x`, as if they were constant: no gradient passes. */
export const stopGradient = (x: Value): Value =>
  x.graph.composite('StopGradient', [x], {}, () => [identity(x)])[0];
