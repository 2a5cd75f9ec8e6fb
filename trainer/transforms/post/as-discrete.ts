import { asDiscreteSpec, type AsDiscreteArgs } from '../../../common/components/transforms/post.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Item } from '../../data/item.ts';
import { createTensor, type Tensor } from '../../data/tensor.ts';
import { mapValues } from '../intensity/map-values.ts';
import { fileOf, findTensor, listKeys, spreadOverKeys } from '../item-access.ts';
import { roundHalfToEven } from '../motions/sample-axis.ts';
import type { Transform } from '../transform.ts';

const { name } = asDiscreteSpec;

/**
 * `monai.transforms.AsDiscreted` (0.8.1): argmax over the channels, one channel per class, threshold (at least), rounding, in
 * this order. Faults: `label-values` for a value that is no class, `wrong-argument` for arguments that contradict each other.
 */
export function createAsDiscrete(args: AsDiscreteArgs): Transform {
  const keys = listKeys(args);
  const argmaxes = spreadOverKeys(args.argmax, keys, name, 'argmax');
  const classCounts = listClassCounts(args, keys);
  const thresholds = listThresholds(args, keys);
  const roundings = spreadOverKeys(args.rounding ?? null, keys, name, 'rounding');

  function applyToKey(item: Item, key: string, index: number): Item {
    const tensor = findTensor(item, key, args, name);
    if (tensor === undefined) return item;
    let result = argmaxes[index] ? argmaxChannels(tensor) : tensor;
    const classCount = classCounts[index];
    if (classCount !== null) result = toOneHot(result, classCount, item, key);
    const threshold = thresholds[index];
    if (threshold !== null) result = mapValues(result, (value) => (value >= threshold ? 1 : 0));
    if (roundings[index] !== null) result = mapValues(result, roundHalfToEven);
    return { ...item, [key]: result };
  }

  return { name, apply: (item) => keys.reduce(applyToKey, item) };
}

function listClassCounts(args: AsDiscreteArgs, keys: readonly string[]): readonly (number | null)[] {
  const wanted = spreadOverKeys(args.to_onehot ?? null, keys, name, 'to_onehot');
  const counts = spreadOverKeys(args.num_classes ?? args.n_classes ?? null, keys, name, 'num_classes');
  return wanted.map((value, index) => {
    if (value !== true) return value === false ? null : value;
    if (counts[index] !== null) return counts[index];
    throw new FaultError({
      code: 'missing-argument',
      component: name,
      argument: 'num_classes',
      message: 'to_onehot true needs the number of classes.',
      allowed: 'to_onehot with the number itself, or num_classes',
    });
  });
}

function listThresholds(args: AsDiscreteArgs, keys: readonly string[]): readonly (number | null)[] {
  const wanted = spreadOverKeys(args.threshold ?? null, keys, name, 'threshold');
  const logits = spreadOverKeys(args.logit_thresh, keys, name, 'logit_thresh');
  const old = spreadOverKeys(args.threshold_values, keys, name, 'threshold_values');
  return wanted.map((value, index) => {
    const isAsked = value === true || ((value === null || value === false) && old[index]);
    if (isAsked) return logits[index];
    return typeof value === 'number' ? value : null;
  });
}

/** One channel with the number of the channel that is largest; the first one of equals. */
function argmaxChannels({ shape, data }: Tensor): Tensor {
  const [channels, ...spatial] = shape;
  const count = data.length / channels;
  const winners = new Float32Array(count);
  for (let voxel = 0; voxel < count; voxel++) {
    let winner = 0;
    for (let channel = 1; channel < channels; channel++) {
      if (data[channel * count + voxel] > data[winner * count + voxel]) winner = channel;
    }
    winners[voxel] = winner;
  }
  return createTensor([1, ...spatial], winners);
}

function toOneHot({ shape, data }: Tensor, classCount: number, item: Item, key: string): Tensor {
  const [channels, ...spatial] = shape;
  if (channels !== 1) {
    throw new FaultError({
      code: 'wrong-argument',
      ...fileOf(item, key),
      component: name,
      argument: 'to_onehot',
      message: `"${key}" has ${channels} channels.`,
      allowed: 'one channel with class numbers; argmax makes it from several',
    });
  }
  const out = new Float32Array(classCount * data.length);
  for (let voxel = 0; voxel < data.length; voxel++) {
    const label = Math.trunc(data[voxel]);
    if (!(label >= 0 && label < classCount)) throw wrongLabel(data[voxel], classCount, item, key);
    out[label * data.length + voxel] = 1;
  }
  return createTensor([classCount, ...spatial], out);
}

function wrongLabel(value: number, classCount: number, item: Item, key: string): FaultError {
  return new FaultError({
    code: 'label-values',
    ...fileOf(item, key),
    component: name,
    argument: 'to_onehot',
    message: `"${key}" has the value ${value}, which is none of ${classCount} classes.`,
    allowed: `0 to ${classCount - 1}`,
  });
}
