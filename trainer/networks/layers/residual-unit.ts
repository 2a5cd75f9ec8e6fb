import { add } from '../../graph/ops/index.ts';
import { sizeOf } from '../../graph/shape.ts';
import { sequence, within, type BuildContext, type Layer } from '../network.ts';
import { createConvolution, perAxis, type ConvolutionSettings } from './convolution.ts';
import { createConvolutionBlock, type BlockStyle } from './convolution-block.ts';

/** What a residual unit is made of. */
export interface ResidualUnitSettings extends Omit<ConvolutionSettings, 'transposed'> {
  /** Convolution blocks one after the other, at least 1; the first one has the stride. */
  readonly subunits: number;
  readonly style: BlockStyle;
  /** The last block is its convolution alone. */
  readonly lastConvOnly: boolean;
}

/**
 * `monai.networks.blocks.ResidualUnit` (0.8.1): convolution blocks plus a shortcut, which is a convolution where size or
 * channels change (of kernel 1 for channels only) and nothing else. No activation after the sum.
 */
export function createResidualUnit(context: BuildContext, settings: ResidualUnitSettings): Layer {
  const { subunits, style, lastConvOnly, ...convolution } = settings;
  const blocks = Array.from({ length: subunits }, (_, index) =>
    createConvolutionBlock(
      within(context, `conv.unit${index}`),
      index === 0 ? convolution : { ...convolution, inChannels: settings.outChannels, strides: 1 },
      lastConvOnly && index === subunits - 1 ? undefined : style,
    ),
  );
  const shortcut = createShortcut(within(context, 'residual'), convolution);
  const main = sequence(...blocks);
  return (x) => add(main(x), shortcut(x));
}

function createShortcut(context: BuildContext, settings: ConvolutionSettings): Layer {
  const keepsSize = sizeOf(perAxis(settings.strides ?? 1, settings.spatialDims)) === 1;
  if (keepsSize && settings.inChannels === settings.outChannels) return (x) => x;
  return createConvolution(context, keepsSize ? { ...settings, kernelSize: 1 } : settings);
}
