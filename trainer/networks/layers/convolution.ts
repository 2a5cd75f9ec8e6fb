import { conv, convTranspose } from '../../graph/ops/index.ts';
import { sizeOf } from '../../graph/shape.ts';
import { fanInInitializer } from '../initializers.ts';
import type { BuildContext, Layer } from '../network.ts';

/** A number for every spatial axis, or one per axis. */
export type PerAxis = number | readonly number[];

/** What a convolution is made of. */
export interface ConvolutionSettings {
  readonly spatialDims: number;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Odd: (kernel - 1) / 2 zeros on either side keep the size. */
  readonly kernelSize: PerAxis;
  /** Default 1. A convolution shrinks by it (rounding up), a transposed one grows by it. */
  readonly strides?: PerAxis;
  readonly bias: boolean;
  /** Default false. */
  readonly transposed?: boolean;
}

export const perAxis = (value: PerAxis, spatialDims: number): readonly number[] =>
  typeof value === 'number' ? Array.from({ length: spatialDims }, () => value) : value;

/** `torch.nn.Conv` or, transposed, `torch.nn.ConvTranspose` with MONAI's paddings; declares `weight` and `bias`. */
export function createConvolution({ scope }: BuildContext, settings: ConvolutionSettings): Layer {
  const { spatialDims, inChannels, outChannels, transposed = false } = settings;
  const kernel = perAxis(settings.kernelSize, spatialDims);
  const strides = perAxis(settings.strides ?? 1, spatialDims);
  const pads = kernel.map((size) => (size - 1) / 2);
  const channels = transposed ? [inChannels, outChannels] : [outChannels, inChannels];
  const initializer = fanInInitializer(channels[1] * sizeOf(kernel));
  const weight = scope.parameter('weight', [...channels, ...kernel], initializer);
  const bias = settings.bias ? scope.parameter('bias', [outChannels], initializer) : undefined;
  if (!transposed) return (x) => conv(x, weight, bias, { strides, pads });
  const outputPadding = strides.map((stride) => stride - 1);
  return (x) => convTranspose(x, weight, bias, { strides, pads, outputPadding });
}
