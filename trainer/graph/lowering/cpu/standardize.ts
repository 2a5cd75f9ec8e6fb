import { float, int, readFloat, readInts } from '../../attribute.ts';
import { expand, multiply, reciprocal, reshape, subtract } from '../../ops/index.ts';
import { sizeOf } from '../../shape.ts';
import type { LoweringRule } from '../lowering-rule.ts';

/**
 * Mean 0 and variance 1 over the last axes, as instance, group and layer normalisation have it: LayerNormalization of rows,
 * with a scale of ones. One operator in place of five passes takes half the time, and its sums are more exact: with a mean of 100
 * and a deviation of 0.01 it errs by a tenth as much. Over other axes (batch normalisation) the passes stay.
 */
export const standardizeLowering: LoweringRule = {
  opType: 'Standardize',
  lower: ({ inputs: [x], outputs: [y, mean], attributes }) => {
    const axes = readInts(attributes, 'axes');
    const first = x.shape.length - axes.length;
    if (!axes.every((axis, index) => axis === first + index)) return undefined;
    const epsilon = readFloat(attributes, 'epsilon');
    const [rows, length] = [sizeOf(x.shape.slice(0, first)), sizeOf(x.shape.slice(first))];
    const ones = expand(x.graph.scalar(1), [length]);
    const perRow = { dtype: x.dtype, shape: [rows, 1] };
    const results = x.graph.node(
      'LayerNormalization',
      [reshape(x, [rows, length]), ones],
      { axis: int(1), epsilon: float(epsilon) },
      [{ dtype: x.dtype, shape: [rows, length] }, perRow, perRow],
    );
    const [average, inverseDeviation] = results.slice(1).map((value) => reshape(value, mean.shape));
    const variance = subtract(reciprocal(multiply(inverseDeviation, inverseDeviation)), epsilon);
    return [reshape(results[0], y.shape), average, variance, inverseDeviation];
  },
};
