import { absGradient } from './gradients/abs.ts';
import { addGradient } from './gradients/add.ts';
import { clipGradient } from './gradients/clip.ts';
import { concatGradient } from './gradients/concat.ts';
import { convTransposeGradient } from './gradients/conv-transpose.ts';
import { convGradient } from './gradients/conv.ts';
import { divGradient } from './gradients/div.ts';
import { eluGradient } from './gradients/elu.ts';
import { expGradient } from './gradients/exp.ts';
import { expandGradient } from './gradients/expand.ts';
import { gatherElementsGradient } from './gradients/gather-elements.ts';
import { gatherGradient } from './gradients/gather.ts';
import { identityGradient } from './gradients/identity.ts';
import { leakyReluGradient } from './gradients/leaky-relu.ts';
import { logSoftmaxGradient } from './gradients/log-softmax.ts';
import { logGradient } from './gradients/log.ts';
import { matMulGradient } from './gradients/mat-mul.ts';
import { maxPoolGradient } from './gradients/max-pool.ts';
import { maxGradient } from './gradients/max.ts';
import { minGradient } from './gradients/min.ts';
import { mulGradient } from './gradients/mul.ts';
import { negGradient } from './gradients/neg.ts';
import { pReluGradient } from './gradients/p-relu.ts';
import { padGradient } from './gradients/pad.ts';
import { powGradient } from './gradients/pow.ts';
import { reciprocalGradient } from './gradients/reciprocal.ts';
import { reduceMaxGradient } from './gradients/reduce-max.ts';
import { reduceMeanGradient } from './gradients/reduce-mean.ts';
import { reduceMinGradient } from './gradients/reduce-min.ts';
import { reduceSumGradient } from './gradients/reduce-sum.ts';
import { reluGradient } from './gradients/relu.ts';
import { reshapeGradient } from './gradients/reshape.ts';
import { resizeGradient } from './gradients/resize.ts';
import { reverseGradient } from './gradients/reverse.ts';
import { scatterElementsGradient } from './gradients/scatter-elements.ts';
import { sigmoidGradient } from './gradients/sigmoid.ts';
import { sliceGradient } from './gradients/slice.ts';
import { softmaxGradient } from './gradients/softmax.ts';
import { softplusGradient } from './gradients/softplus.ts';
import { sqrtGradient } from './gradients/sqrt.ts';
import { standardizeGradient } from './gradients/standardize.ts';
import { subGradient } from './gradients/sub.ts';
import { tanhGradient } from './gradients/tanh.ts';
import { transposeGradient } from './gradients/transpose.ts';
import { whereGradient } from './gradients/where.ts';
import type { GradientRule } from './gradient-rule.ts';

/** Every rule in gradients/, one per file; a test compares this list with the folder. */
export const GRADIENT_RULES: readonly GradientRule[] = [
  absGradient,
  addGradient,
  clipGradient,
  concatGradient,
  convTransposeGradient,
  convGradient,
  divGradient,
  eluGradient,
  expGradient,
  expandGradient,
  gatherElementsGradient,
  gatherGradient,
  identityGradient,
  leakyReluGradient,
  logSoftmaxGradient,
  logGradient,
  matMulGradient,
  maxPoolGradient,
  maxGradient,
  minGradient,
  mulGradient,
  negGradient,
  pReluGradient,
  padGradient,
  powGradient,
  reciprocalGradient,
  reduceMaxGradient,
  reduceMeanGradient,
  reduceMinGradient,
  reduceSumGradient,
  reluGradient,
  reshapeGradient,
  resizeGradient,
  reverseGradient,
  scatterElementsGradient,
  sigmoidGradient,
  sliceGradient,
  softmaxGradient,
  softplusGradient,
  sqrtGradient,
  standardizeGradient,
  subGradient,
  tanhGradient,
  transposeGradient,
  whereGradient,
];
