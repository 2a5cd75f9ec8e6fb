import { add, concat, multiply, reshape, slice } from '../../graph/ops/index.ts';
import { range } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import type { GradientRule } from '../gradient-rule.ts';

/**
 * Linear doubling. Along one axis `y[2i] = 3/4 x[i] + 1/4 x[i-1]` and `y[2i+1] = 3/4 x[i] + 1/4 x[i+1]`, where `x[-1]` is
 * `x[0]` and `x[n]` is `x[n-1]`. So `dx[i] = 3/4 (e[i] + o[i]) + 1/4 (o[i-1] + e[i+1])` with the even and odd positions
 * `e` and `o` of `dy`, where `o[-1]` is `e[0]` and `e[n]` is `o[n-1]`. The axes follow one after the other.
 */
export const resizeGradient: GradientRule = {
  opType: 'Resize',
  gradients: ({ inputs: [x], dy }) => [() => range(2, x.shape.length).reduce(halveAxis, dy)],
};

function halveAxis(dy: Value, axis: number): Value {
  const n = dy.shape[axis] / 2;
  const pairs = reshape(dy, [...dy.shape.slice(0, axis), n, 2, ...dy.shape.slice(axis + 1)]);
  const member = (index: number): Value =>
    reshape(slice(pairs, { starts: [index], ends: [index + 1], axes: [axis + 1] }), dy.shape.with(axis, n));
  const part = (x: Value, start: number, end: number): Value =>
    slice(x, { starts: [start], ends: [end], axes: [axis] });
  const even = member(0);
  const odd = member(1);
  const left = n === 1 ? even : concat([part(even, 0, 1), part(odd, 0, n - 1)], axis);
  const right = n === 1 ? odd : concat([part(even, 1, n), part(odd, n - 1, n)], axis);
  return add(multiply(add(even, odd), 0.75), multiply(add(left, right), 0.25));
}
