import type { Graph } from '../../graph.ts';
import { lowerGraph } from '../lower-graph.ts';
import type { LoweringRule } from '../lowering-rule.ts';
import { blockedConvLowering } from './blocked-conv.ts';
import { convTransposeLowering } from './conv-transpose.ts';
import { convWeightGradientLowering } from './conv-weight-gradient.ts';
import { pReluLowering } from './p-relu.ts';
import { reverseLowering } from './reverse.ts';
import { logSoftmaxLowering, softmaxLowering } from './softmax.ts';
import { standardizeLowering } from './standardize.ts';

/** What ONNX Runtime's CPU kernels compute faster in another way: one rule per file, each with what was measured. */
const RULES: readonly LoweringRule[] = [
  convTransposeLowering,
  convWeightGradientLowering,
  logSoftmaxLowering,
  pReluLowering,
  reverseLowering,
  softmaxLowering,
  standardizeLowering,
];

/**
 * The graph as the CPU computes it best.
 *
 * @param block channels per block of ONNX Runtime's direct convolution kernels; undefined where there are none
 */
export function lowerForCpu(graph: Graph, block: number | undefined): Graph {
  const lowered = lowerGraph(graph, RULES);
  // A pass of its own, since other rules make convolutions too.
  return block === undefined ? lowered : lowerGraph(lowered, [blockedConvLowering(block)]);
}
