import { add, cast, greater, minimum, multiply, subtract } from '../../graph/ops/index.ts';
import { sumToShape } from '../sum-to-shape.ts';
import type { GradientRule } from '../gradient-rule.ts';

/**
 * `y = x` where `x > 0`, else `s * x`: `dx = dy * (s + (1 - s) * [x > 0])`; `ds = sum of dy * min(x, 0)` over what shares
 * a slope. Products instead of a choice: ONNX Runtime's Where is slow on the CPU (30 ms for 3.5 million numbers, 8 ms so).
 */
export const pReluGradient: GradientRule = {
  opType: 'PRelu',
  gradients: ({ inputs: [x, slope], dy }) => [
    () => {
      const positive = cast(greater(x, 0), 'float32');
      return multiply(dy, add(multiply(positive, subtract(1, slope)), slope));
    },
    () => sumToShape(multiply(dy, minimum(x, 0)), slope.shape),
  ],
};
