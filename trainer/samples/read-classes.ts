import type { Tensor } from '../data/tensor.ts';

/** The class at a voxel of a volume; 0 is the background. */
export type ClassAt = (voxel: number) => number;

/**
 * Reads truth and prediction (channel, x, y, z) as they are after the post transforms: class numbers, one channel per class
 * with the background first, or regions that may overlap, the first of which is class 1. Of regions the one that has fewest
 * voxels in the truth lies on top.
 */
export function readClasses(
  truth: Tensor,
  prediction: Tensor,
): readonly [truth: ClassAt, prediction: ClassAt] {
  const isRegions = truth.shape[0]! > 1 && !isOneHot(truth);
  const order = isRegions ? orderBySize(truth) : [];
  const read = (tensor: Tensor): ClassAt => {
    if (tensor.shape[0] === 1) return (voxel) => numberOf(tensor.data[voxel]!);
    return isRegions ? regionOf(tensor, order) : (voxel) => largestChannel(tensor, voxel);
  };
  return [read(truth), read(prediction)];
}

const countVoxels = ({ shape, data }: Tensor): number => data.length / shape[0]!;

const numberOf = (value: number): number => (value >= 0.5 ? Math.round(value) : 0);

function isOneHot(tensor: Tensor): boolean {
  const count = countVoxels(tensor);
  for (let voxel = 0; voxel < count; voxel++) {
    let sum = 0;
    for (let at = voxel; at < tensor.data.length; at += count) sum += tensor.data[at]!;
    if (sum !== 1) return false;
  }
  return true;
}

function largestChannel({ shape, data }: Tensor, voxel: number): number {
  const count = data.length / shape[0]!;
  let winner = 0;
  for (let channel = 1; channel < shape[0]!; channel++)
    if (data[channel * count + voxel]! > data[winner * count + voxel]!) winner = channel;
  return winner;
}

function orderBySize(truth: Tensor): readonly number[] {
  const count = countVoxels(truth);
  const sizes = Array.from({ length: truth.shape[0]! }, (_, channel) =>
    truth.data.subarray(channel * count, (channel + 1) * count).reduce((sum, value) => sum + value, 0),
  );
  return sizes.map((_, channel) => channel).toSorted((a, b) => sizes[a]! - sizes[b]!);
}

function regionOf(tensor: Tensor, order: readonly number[]): ClassAt {
  const count = countVoxels(tensor);
  return (voxel) => {
    const channel = order.find((each) => tensor.data[each * count + voxel]! >= 0.5);
    return channel === undefined ? 0 : channel + 1;
  };
}
