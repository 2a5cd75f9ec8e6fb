import type { Activation, Norm } from '../../../common/components/layers.ts';
import { sequence, within, type BuildContext, type Layer } from '../network.ts';
import { createActivation } from './activation.ts';
import { createConvolution, type ConvolutionSettings } from './convolution.ts';
import { createNormalization } from './normalization.ts';

/** What the blocks of a network have in common. */
export interface BlockStyle {
  readonly norm: Norm;
  readonly activation: Activation;
  /** Probability that an element is dropped in training; 0 for none. */
  readonly dropout: number;
}

/**
 * `monai.networks.blocks.Convolution` (0.8.1): convolution, normalisation, dropout, activation, in this order.
 *
 * @param style undefined for the convolution alone
 */
export function createConvolutionBlock(
  context: BuildContext,
  settings: ConvolutionSettings,
  style: BlockStyle | undefined,
): Layer {
  const convolution = createConvolution(within(context, 'conv'), settings);
  if (style === undefined) return convolution;
  return sequence(
    convolution,
    createNormalization(within(context, 'adn.N'), style.norm, settings.outChannels),
    createDropout(context, style.dropout),
    createActivation(within(context, 'adn.A'), style.activation),
  );
}

/** `torch.nn.Dropout`: element by element, in training only. */
function createDropout({ training, dropout }: BuildContext, probability: number): Layer {
  return (x) => (training && probability > 0 ? dropout.drop(x, x.shape, probability) : x);
}
