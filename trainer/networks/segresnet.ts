import { parseActivation, parseNorm } from '../../common/components/layers.ts';
import { segResNetSizeDivisor, type SegResNetArgs } from '../../common/components/networks.ts';
import { add, resizeTrilinear2x } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import { createActivation } from './layers/activation.ts';
import { createConvolution } from './layers/convolution.ts';
import { createNormalization } from './layers/normalization.ts';
import { sequence, within, type BuildContext, type Layer, type Network } from './network.ts';

/** What the parts of the network have in common. */
interface Plan extends Pick<SegResNetArgs, 'spatial_dims' | 'blocks_down' | 'blocks_up' | 'init_filters'> {
  readonly norm: ReturnType<typeof parseNorm>;
  readonly activation: ReturnType<typeof parseActivation>;
}

/**
 * `monai.networks.nets.SegResNet` (0.8.1): pre-activation residual blocks; the way up halves the channels, doubles the
 * size by linear interpolation and adds what the way down left. Parameters have MONAI's names and order.
 */
export function createSegResNet(args: SegResNetArgs): Network {
  const plan = { ...args, norm: parseNorm(args.norm), activation: parseActivation(args.act) };
  return {
    name: 'SegResNet',
    inChannels: args.in_channels,
    outChannels: args.out_channels,
    spatialDims: args.spatial_dims,
    divisibleBy: segResNetSizeDivisor(args),
    build: (x, context) => buildSegResNet(x, context, args, plan),
  };
}

function buildSegResNet(x: Value, context: BuildContext, args: SegResNetArgs, plan: Plan): Value {
  const { init_filters: filters, blocks_down: blocksDown, blocks_up: blocksUp } = args;
  const first = createConv(within(context, 'convInit'), plan, args.in_channels, filters, { kernelSize: 3 });
  const downs = blocksDown.map((blocks, level) =>
    createDown(within(context, `down_layers.${level}`), plan, level, blocks),
  );
  const widths = blocksUp.map((_, index) => filters * 2 ** (blocksUp.length - 1 - index));
  const ups = blocksUp.map((blocks, index) =>
    createBlocks(within(context, `up_layers.${index}`), plan, widths[index], blocks, 0),
  );
  const grows = widths.map((width, index) => {
    const halve = createConv(within(context, `up_samples.${index}.0`), plan, width * 2, width, {
      kernelSize: 1,
    });
    return sequence(halve, resizeTrilinear2x);
  });
  const last = args.use_conv_final
    ? createHead(within(context, 'conv_final'), plan, args.out_channels)
    : undefined;

  let value = dropChannels(first(x), context, args.dropout_prob ?? 0);
  const skips = downs.map((down) => (value = down(value))).reverse();
  ups.forEach((up, index) => (value = up(add(grows[index](value), skips[index + 1]))));
  return last === undefined ? value : last(value);
}

/** `torch.nn.Dropout2d` or `Dropout3d`: whole channels, in training only. */
function dropChannels(x: Value, { training, dropout }: BuildContext, probability: number): Value {
  if (!training || probability === 0) return x;
  const maskShape = x.shape.map((size, axis) => (axis < 2 ? size : 1));
  return dropout.drop(x, maskShape, probability);
}

interface ConvOptions {
  readonly kernelSize: number;
  readonly strides?: number;
  readonly bias?: boolean;
}

function createConv(
  context: BuildContext,
  plan: Plan,
  inChannels: number,
  outChannels: number,
  options: ConvOptions,
): Layer {
  const settings = { spatialDims: plan.spatial_dims, inChannels, outChannels, bias: false, ...options };
  return createConvolution(within(context, 'conv'), settings);
}

function createDown(context: BuildContext, plan: Plan, level: number, blocks: number): Layer {
  const channels = plan.init_filters * 2 ** level;
  const shrink =
    level === 0
      ? []
      : [createConv(within(context, '0'), plan, channels / 2, channels, { kernelSize: 3, strides: 2 })];
  return sequence(...shrink, createBlocks(context, plan, channels, blocks, 1));
}

function createBlocks(
  context: BuildContext,
  plan: Plan,
  channels: number,
  count: number,
  firstName: number,
): Layer {
  const names = Array.from({ length: count }, (_, index) => `${firstName + index}`);
  return sequence(...names.map((name) => createResidualBlock(within(context, name), plan, channels)));
}

/** `ResBlock`: x + conv(act(norm(conv(act(norm(x)))))). */
function createResidualBlock(context: BuildContext, plan: Plan, channels: number): Layer {
  const norm1 = createNormalization(within(context, 'norm1'), plan.norm, channels);
  const norm2 = createNormalization(within(context, 'norm2'), plan.norm, channels);
  const activation = createActivation(within(context, 'act'), plan.activation);
  const conv1 = createConv(within(context, 'conv1'), plan, channels, channels, { kernelSize: 3 });
  const conv2 = createConv(within(context, 'conv2'), plan, channels, channels, { kernelSize: 3 });
  const main = sequence(norm1, activation, conv1, norm2, activation, conv2);
  return (x) => add(main(x), x);
}

function createHead(context: BuildContext, plan: Plan, outChannels: number): Layer {
  return sequence(
    createNormalization(within(context, '0'), plan.norm, plan.init_filters),
    createActivation(within(context, '1'), plan.activation),
    createConv(within(context, '2'), plan, plan.init_filters, outChannels, { kernelSize: 1, bias: true }),
  );
}
