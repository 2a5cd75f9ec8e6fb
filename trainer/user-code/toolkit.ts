import { parseActivation, parseNorm } from '../../common/components/layers.ts';
import { createTensor } from '../data/tensor.ts';
import * as ops from '../graph/ops/index.ts';
import { constantInitializer, fanInInitializer } from '../networks/initializers.ts';
import { createActivation } from '../networks/layers/activation.ts';
import { createConvolutionBlock } from '../networks/layers/convolution-block.ts';
import { createConvolution } from '../networks/layers/convolution.ts';
import { createNormalization } from '../networks/layers/normalization.ts';
import { createResidualUnit } from '../networks/layers/residual-unit.ts';
import { sequence, within } from '../networks/network.ts';
import { createRandomState } from '../random/random-state.ts';

/**
 * What the trainer gives to the user's own components, as the second argument of their constructors: a module in
 * `custom/` cannot import from the program, since it goes wherever its MMAR goes.
 */
export const toolkit = {
  /** Operators on values of a graph, for losses and networks; each has a gradient. */
  ops,
  /** Layers of networks, with PyTorch's names and start values. */
  layers: {
    createActivation,
    createConvolution,
    createConvolutionBlock,
    createNormalization,
    createResidualUnit,
    sequence,
    within,
    /** `"batch"` or `["group", {"num_groups": 4}]`, as configs write it, for `createNormalization`. */
    parseNorm,
    /** `"relu"` or `["leakyrelu", {"negative_slope": 0.1}]`, for `createActivation`. */
    parseActivation,
  },
  initializers: { constantInitializer, fanInInitializer },
  /** An array of numbers with a shape, for transforms. */
  createTensor,
  /** Random numbers as numpy's `RandomState(seed)` gives them, for random transforms. */
  createRandomState,
} as const;

export type Toolkit = typeof toolkit;
