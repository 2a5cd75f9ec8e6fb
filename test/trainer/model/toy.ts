import { createTensor, type Tensor } from '../../../trainer/data/tensor.ts';
import { lossRegistry } from '../../../trainer/losses/registry.ts';
import { networkRegistry } from '../../../trainer/networks/registry.ts';
import { optimizerRegistry } from '../../../trainer/optimizers/registry.ts';
import { createRandomState } from '../../../trainer/random/random-state.ts';

/** A network that is small and still has every kind of layer. */
export const toyUNet = (args: object = {}) =>
  networkRegistry.create('UNet', {
    spatial_dims: 3,
    in_channels: 1,
    out_channels: 2,
    channels: [4, 8],
    strides: [2],
    num_res_units: 1,
    ...args,
  });

export const diceCE = () => lossRegistry.create('DiceCELoss', { to_onehot_y: true, softmax: true });
export const adam = (lr = 0.01) => optimizerRegistry.create('Adam', { lr });

/** A bright ball in noise and its label: what the network is to find. */
export function toyBatch(batch = 2, size = 8): { image: Tensor; label: Tensor } {
  const random = createRandomState(1);
  const voxels = size ** 3;
  const label = new Float32Array(batch * voxels);
  const image = new Float32Array(batch * voxels);
  for (let at = 0; at < image.length; at++) {
    const [x, y, z] = [at % size, Math.floor(at / size) % size, Math.floor(at / size ** 2) % size];
    const centre = 2.5 + Math.floor(at / voxels) * 2;
    label[at] = Math.hypot(x - centre, y - centre, z - centre) < 2.5 ? 1 : 0;
    image[at] = label[at] + random.normal(0, 0.3);
  }
  const shape = [batch, 1, size, size, size];
  return { image: createTensor(shape, image), label: createTensor(shape, label) };
}
