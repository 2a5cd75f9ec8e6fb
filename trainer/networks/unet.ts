import { parseActivation, parseNorm } from '../../common/components/layers.ts';
import { unetSizeDivisor, unetSpatialDims, type UNetArgs } from '../../common/components/networks.ts';
import { concat } from '../graph/ops/index.ts';
import { createConvolutionBlock, type BlockStyle } from './layers/convolution-block.ts';
import type { PerAxis } from './layers/convolution.ts';
import { createResidualUnit } from './layers/residual-unit.ts';
import { sequence, within, type BuildContext, type Layer, type Network } from './network.ts';

/** Channels in and out of a part of the network, and how it changes the size. */
interface Step {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly strides: PerAxis;
}

/** One level of the network with all that is below it. */
interface Level {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Channels of this level and of the deeper ones. */
  readonly channels: readonly number[];
  readonly strides: readonly PerAxis[];
  readonly isTop: boolean;
}

interface UNetPlan {
  readonly args: UNetArgs;
  readonly spatialDims: number;
  readonly style: BlockStyle;
}

/**
 * `monai.networks.nets.UNet` (0.8.1): each level shrinks the image on its way down, hands it to the level below, joins
 * what comes back to what it handed down, and grows the image again. Parameters have MONAI's names.
 */
export function createUNet(args: UNetArgs): Network {
  const spatialDims = unetSpatialDims(args);
  const style = { norm: parseNorm(args.norm), activation: parseActivation(args.act), dropout: args.dropout };
  const plan = { args, spatialDims, style };
  const { in_channels: inChannels, out_channels: outChannels, channels, strides } = args;
  return {
    name: 'UNet',
    inChannels,
    outChannels,
    spatialDims,
    divisibleBy: unetSizeDivisor(args),
    build: (x, context) =>
      createLevel(within(context, 'model'), plan, {
        inChannels,
        outChannels,
        channels,
        strides,
        isTop: true,
      })(x),
  };
}

function createLevel(context: BuildContext, plan: UNetPlan, level: Level): Layer {
  const [own, ...deeper] = level.channels;
  const [strides, ...deeperStrides] = level.strides;
  const down = createDown(within(context, '0'), plan, {
    inChannels: level.inChannels,
    outChannels: own,
    strides,
  });
  const inner = within(context, '1.submodule');
  const isLast = deeper.length === 1;
  const below = isLast
    ? createDown(inner, plan, { inChannels: own, outChannels: deeper[0], strides: 1 })
    : createLevel(inner, plan, {
        inChannels: own,
        outChannels: own,
        channels: deeper,
        strides: deeperStrides,
        isTop: false,
      });
  const joined = own + (isLast ? deeper[0] : own);
  const step = { inChannels: joined, outChannels: level.outChannels, strides };
  const up = createUp(within(context, '2'), plan, step, level.isTop);
  return (x) => {
    const skip = down(x);
    return up(concat([skip, below(skip)], 1));
  };
}

function createDown(context: BuildContext, { args, spatialDims, style }: UNetPlan, step: Step): Layer {
  const convolution = { ...step, spatialDims, kernelSize: args.kernel_size, bias: args.bias };
  return args.num_res_units === 0
    ? createConvolutionBlock(context, convolution, style)
    : createResidualUnit(context, {
        ...convolution,
        subunits: args.num_res_units,
        style,
        lastConvOnly: false,
      });
}

function createUp(
  context: BuildContext,
  { args, spatialDims, style }: UNetPlan,
  step: Step,
  isTop: boolean,
): Layer {
  const plain = args.num_res_units === 0;
  const grow = { ...step, spatialDims, kernelSize: args.up_kernel_size, bias: args.bias, transposed: true };
  if (plain) return createConvolutionBlock(context, grow, isTop ? undefined : style);
  const refine = {
    spatialDims,
    inChannels: step.outChannels,
    outChannels: step.outChannels,
    kernelSize: args.kernel_size,
    bias: args.bias,
    subunits: 1,
    style,
    lastConvOnly: isTop,
  };
  return sequence(
    createConvolutionBlock(within(context, '0'), grow, style),
    createResidualUnit(within(context, '1'), refine),
  );
}
