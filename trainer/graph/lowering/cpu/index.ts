import type { LoweringRule } from '../lowering-rule.ts';
import { convTransposeLowering } from './conv-transpose.ts';
import { convWeightGradientLowering } from './conv-weight-gradient.ts';
import { pReluLowering } from './p-relu.ts';
import { logSoftmaxLowering, softmaxLowering } from './softmax.ts';

/** What ONNX Runtime's CPU kernels compute faster in another way: one rule per file, each with what was measured. */
export const CPU_LOWERINGS: readonly LoweringRule[] = [
  convTransposeLowering,
  convWeightGradientLowering,
  logSoftmaxLowering,
  pReluLowering,
  softmaxLowering,
];
