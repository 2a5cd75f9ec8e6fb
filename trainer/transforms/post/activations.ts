import { activationsSpec, type ActivationsArgs } from '../../../common/components/transforms/post.ts';
import { createTensor, type Tensor } from '../../data/tensor.ts';
import { listKeys, mapImages, spreadOverKeys } from '../item-access.ts';
import type { Transform } from '../transform.ts';

/** `monai.transforms.Activationsd` (0.8.1): sigmoid, then softmax over the channels, whichever is asked for. */
export function createActivations(args: ActivationsArgs): Transform {
  const { name } = activationsSpec;
  const keys = listKeys(args);
  const sigmoids = spreadOverKeys(args.sigmoid, keys, name, 'sigmoid');
  const softmaxes = spreadOverKeys(args.softmax, keys, name, 'softmax');
  const change = (tensor: Tensor, index: number): Tensor => {
    const squashed = sigmoids[index] ? sigmoid(tensor) : tensor;
    return softmaxes[index] ? softmax(squashed) : squashed;
  };
  return { name, apply: (item) => mapImages(item, args, name, change) };
}

function sigmoid({ shape, data }: Tensor): Tensor {
  return createTensor(
    shape,
    data.map((value) => 1 / (1 + Math.exp(-value))),
  );
}

/** exp(x - max) / sum over the channels, in float64 and rounded once. */
function softmax({ shape, data }: Tensor): Tensor {
  const [channels] = shape;
  const count = data.length / channels;
  const out = new Float32Array(data.length);
  for (let voxel = 0; voxel < count; voxel++) {
    let largest = -Infinity;
    for (let at = voxel; at < data.length; at += count) if (data[at] > largest) largest = data[at];
    let sum = 0;
    for (let at = voxel; at < data.length; at += count) sum += Math.exp(data[at] - largest);
    for (let at = voxel; at < data.length; at += count) out[at] = Math.exp(data[at] - largest) / sum;
  }
  return createTensor(shape, out);
}
