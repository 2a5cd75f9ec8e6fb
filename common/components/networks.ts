import { z } from 'zod';
import type { ComponentArgs, ComponentSpec } from './component-spec.ts';
import { activationArgument, normArgument } from './layers.ts';

const spatialDims = z.union([z.literal(2), z.literal(3)]);
const channelCount = z.int().positive();
const oddKernel = z
  .int()
  .positive()
  .refine((size) => size % 2 === 1, 'A kernel size must be odd, so that padding keeps the size');
const perAxis = (size: z.ZodType<number>) => z.union([size, z.array(size).min(2).max(3)]);

const unetArgs = z
  .strictObject({
    spatial_dims: spatialDims.optional().describe('2 for slices, 3 for volumes'),
    dimensions: spatialDims.optional().describe('the old name of spatial_dims'),
    in_channels: channelCount.describe('channels of the image'),
    out_channels: channelCount.describe('classes, the background included'),
    channels: z
      .array(channelCount)
      .min(2)
      .describe('channels per level, from full resolution down; at least two levels'),
    strides: z
      .array(perAxis(z.int().positive()))
      .min(1)
      .describe(
        'how far each level but the last shrinks the image; one entry per step from one level to the next',
      ),
    kernel_size: perAxis(oddKernel)
      .default(3)
      .describe('size of the convolutions, one number or one per axis'),
    up_kernel_size: perAxis(oddKernel).default(3).describe('size of the transposed convolutions'),
    num_res_units: z
      .int()
      .min(0)
      .default(0)
      .describe('convolutions per residual unit; 0 for plain convolutions'),
    act: activationArgument.default('PRELU').describe('activation, a name or [name, {arguments}]'),
    norm: normArgument.default('INSTANCE').describe('normalisation, a name or [name, {arguments}]'),
    dropout: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe('probability that an element is set to zero in training'),
    bias: z.boolean().default(true).describe('convolutions have a bias'),
  })
  .superRefine((args, context) => {
    const problem = findUNetProblem(args);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', path: [problem.argument], message: problem.message });
  });

/** The parts of UNet's arguments that must fit each other. */
interface UNetSizes {
  readonly spatial_dims?: 2 | 3 | undefined;
  readonly dimensions?: 2 | 3 | undefined;
  readonly channels: readonly number[];
  readonly strides: readonly (number | readonly number[])[];
  readonly kernel_size: number | readonly number[];
  readonly up_kernel_size: number | readonly number[];
}

function findUNetProblem(args: UNetSizes): { argument: keyof UNetSizes; message: string } | undefined {
  const dims = args.spatial_dims ?? args.dimensions;
  if (dims === undefined)
    return { argument: 'spatial_dims', message: 'spatial_dims is missing; it is 2 or 3' };
  if (
    args.spatial_dims !== undefined &&
    args.dimensions !== undefined &&
    args.spatial_dims !== args.dimensions
  ) {
    return {
      argument: 'dimensions',
      message: `dimensions says ${args.dimensions}, but spatial_dims says ${args.spatial_dims}`,
    };
  }
  const steps = args.channels.length - 1;
  if (args.strides.length < steps) {
    return {
      argument: 'strides',
      message: `strides has ${args.strides.length} entries, but ${args.channels.length} channels need ${steps}`,
    };
  }
  const wrongLength = (value: number | readonly number[]) =>
    typeof value !== 'number' && value.length !== dims;
  if (args.strides.some(wrongLength))
    return { argument: 'strides', message: `An entry of strides must have ${dims} numbers` };
  if (wrongLength(args.kernel_size))
    return { argument: 'kernel_size', message: `kernel_size must have ${dims} numbers` };
  if (wrongLength(args.up_kernel_size))
    return { argument: 'up_kernel_size', message: `up_kernel_size must have ${dims} numbers` };
  return undefined;
}

export const unetSpec = {
  kind: 'network',
  name: 'UNet',
  aliases: ['Unet'],
  summary:
    'Encoder and decoder with skip connections and residual units: the network of most Clara segmentation models.',
  source: 'monai.networks.nets.UNet (0.8.1)',
  args: unetArgs,
} satisfies ComponentSpec;

export type UNetArgs = ComponentArgs<typeof unetSpec>;

const segResNetArgs = z
  .strictObject({
    spatial_dims: spatialDims.default(3).describe('2 for slices, 3 for volumes'),
    init_filters: channelCount.default(8).describe('channels at full resolution; doubled at each level'),
    in_channels: channelCount.default(1).describe('channels of the image'),
    out_channels: channelCount.default(2).describe('classes, the background included'),
    dropout_prob: z
      .number()
      .min(0)
      .lt(1)
      .nullable()
      .default(null)
      .describe('probability that a whole channel is set to zero after the first convolution; null for none'),
    act: activationArgument.default('RELU').describe('activation, a name or [name, {arguments}]'),
    norm: normArgument
      .default(['GROUP', { num_groups: 8 }])
      .describe(
        'normalisation, a name or [name, {arguments}]; the channels of all levels must fit its groups',
      ),
    use_conv_final: z
      .boolean()
      .default(true)
      .describe('end with normalisation, activation and a 1x1x1 convolution'),
    blocks_down: z
      .array(channelCount)
      .min(2)
      .default([1, 2, 2, 4])
      .describe('residual blocks per level going down'),
    blocks_up: z.array(channelCount).min(1).default([1, 1, 1]).describe('residual blocks per level going up'),
    upsample_mode: z.literal('nontrainable').default('nontrainable').describe('linear interpolation'),
  })
  .superRefine((args, context) => {
    const wanted = args.blocks_down.length - 1;
    if (args.blocks_up.length === wanted) return;
    const message = `blocks_up has ${args.blocks_up.length} entries, but ${args.blocks_down.length} levels down need ${wanted}`;
    context.addIssue({ code: 'custom', path: ['blocks_up'], message });
  });

export const segResNetSpec = {
  kind: 'network',
  name: 'SegResNet',
  aliases: [],
  summary: 'Residual encoder and a light decoder that adds the skip connections.',
  source: 'monai.networks.nets.SegResNet (0.8.1)',
  args: segResNetArgs,
} satisfies ComponentSpec;

export type SegResNetArgs = ComponentArgs<typeof segResNetSpec>;

export const networkSpecs: readonly ComponentSpec[] = [unetSpec, segResNetSpec];

/** The number of spatial axes of a UNet; its arguments are checked to name one. */
export function unetSpatialDims(args: Pick<UNetArgs, 'spatial_dims' | 'dimensions'>): 2 | 3 {
  return (args.spatial_dims ?? args.dimensions)!;
}

/** Per spatial axis, what the size of an image must be a multiple of, since every level must shrink it evenly. */
export function unetSizeDivisor(
  args: Pick<UNetArgs, 'spatial_dims' | 'dimensions' | 'channels' | 'strides'>,
): number[] {
  const used = args.strides.slice(0, args.channels.length - 1);
  return Array.from({ length: unetSpatialDims(args) }, (_, axis) =>
    used.reduce<number>(
      (product, stride) => product * (typeof stride === 'number' ? stride : stride[axis]!),
      1,
    ),
  );
}

/** Per spatial axis, what the size of an image must be a multiple of: 2 for every level but the first. */
export function segResNetSizeDivisor(args: Pick<SegResNetArgs, 'spatial_dims' | 'blocks_down'>): number[] {
  return Array.from({ length: args.spatial_dims }, () => 2 ** (args.blocks_down.length - 1));
}

/**
 * Per spatial axis, what the size of an image must be a multiple of for the network that a config names, from its
 * arguments as written; undefined for a network that is not built in or whose arguments do not parse.
 */
export function networkSizeDivisor(name: string, args: unknown): readonly number[] | undefined {
  const names = (spec: ComponentSpec) => spec.name === name || spec.aliases.includes(name);
  if (names(unetSpec)) {
    const parsed = unetArgs.safeParse(args);
    return parsed.success ? unetSizeDivisor(parsed.data) : undefined;
  }
  if (names(segResNetSpec)) {
    const parsed = segResNetArgs.safeParse(args);
    return parsed.success ? segResNetSizeDivisor(parsed.data) : undefined;
  }
  return undefined;
}
