import type { Tensor } from '../data/tensor.ts';

/** Runs the network: (batch, channel, ...spatial) in, the same batch and spatial sizes with its own channels out. */
export type Predict = (images: Tensor) => Promise<Tensor>;

/** How the network is applied to images of any size. */
export interface Inferer {
  /** Images (batch, channel, ...spatial) in, (batch, class, ...spatial) out, as the network would give for all at once. */
  infer(images: Tensor, predict: Predict): Promise<Tensor>;
}
