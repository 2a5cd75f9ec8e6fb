import {
  keepLargestConnectedComponentSpec,
  type KeepLargestConnectedComponentArgs,
} from '../../../common/components/transforms/post.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Item } from '../../data/item.ts';
import { createTensor, spatialShapeOf, type Tensor } from '../../data/tensor.ts';
import { fileOf, findTensor, listKeys } from '../item-access.ts';
import type { Transform } from '../transform.ts';
import { findLargestComponent } from './largest-component.ts';

const { name } = keepLargestConnectedComponentSpec;

/**
 * `monai.transforms.KeepLargestConnectedComponentd` (0.8.1): voxels of the applied labels outside of the largest connected piece
 * become 0. Of pieces of the same size the one that comes first stays.
 */
export function createKeepLargestConnectedComponent(args: KeepLargestConnectedComponentArgs): Transform {
  const labels = typeof args.applied_labels === 'number' ? [args.applied_labels] : args.applied_labels;

  function applyToKey(item: Item, key: string): Item {
    const tensor = findTensor(item, key, args, name);
    if (tensor === undefined) return item;
    const isOneHot = args.is_onehot ?? tensor.shape[0] > 1;
    if (isOneHot) requireChannels(item, key, tensor, labels);
    const groups = args.independent ? labels.map((label) => [label]) : [labels];
    const data = Float32Array.from(tensor.data);
    for (const group of groups) cleanGroup(tensor, data, group, isOneHot, args);
    return { ...item, [key]: createTensor(tensor.shape, data) };
  }

  return { name, apply: (item) => listKeys(args).reduce(applyToKey, item) };
}

/** Sets voxels of a group of labels to 0 in `data` where they are not in the group's largest piece. */
function cleanGroup(
  tensor: Tensor,
  data: Float32Array,
  group: readonly number[],
  isOneHot: boolean,
  { independent, connectivity }: KeepLargestConnectedComponentArgs,
): void {
  const shape = spatialShapeOf(tensor);
  const count = tensor.data.length / tensor.shape[0];
  const isSet = isOneHot && !independent ? (value: number) => value === 1 : (value: number) => value > 0;
  const foreground = new Uint8Array(count);
  for (let voxel = 0; voxel < count; voxel++) {
    const belongs = isOneHot
      ? group.some((channel) => isSet(tensor.data[channel * count + voxel]))
      : group.includes(tensor.data[voxel]);
    if (belongs) foreground[voxel] = 1;
  }
  const largest = findLargestComponent(foreground, shape, connectivity ?? shape.length);
  const channels = isOneHot ? group : [0];
  for (let voxel = 0; voxel < count; voxel++) {
    if (foreground[voxel] === largest[voxel]) continue;
    for (const channel of channels) data[channel * count + voxel] = 0;
  }
}

function requireChannels(item: Item, key: string, { shape }: Tensor, labels: readonly number[]): void {
  const missing = labels.find((label) => label >= shape[0]);
  if (missing === undefined) return;
  throw new FaultError({
    code: 'wrong-argument',
    ...fileOf(item, key),
    component: name,
    argument: 'applied_labels',
    message: `"${key}" has ${shape[0]} channels, none for label ${missing}.`,
    allowed: `0 to ${shape[0] - 1}`,
  });
}
