import {
  normalizeIntensitySpec,
  type NormalizeIntensityArgs,
} from '../../../common/components/transforms/intensity.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Tensor } from '../../data/tensor.ts';
import { mapImages } from '../item-access.ts';
import type { Transform } from '../transform.ts';
import { mapChannels } from './map-values.ts';

const { name } = normalizeIntensitySpec;
const { fround } = Math;

type PerChannel = number | readonly number[] | null | undefined;

/**
 * `monai.transforms.NormalizeIntensityd` (0.8.1): (value - mean) / standard deviation (of the population; 0 counts as 1), of all
 * voxels or of those that are not 0, which alone change then. Mean and deviation are summed in float64, so they are nearer to the
 * truth than MONAI's float32 sums; the results differ by a few units in the seventh digit.
 */
export function createNormalizeIntensity(args: NormalizeIntensityArgs): Transform {
  const change = (tensor: Tensor): Tensor => {
    if (!args.channel_wise) {
      const given = {
        subtrahend: single(args.subtrahend, 'subtrahend'),
        divisor: single(args.divisor, 'divisor'),
      };
      return { shape: tensor.shape, data: normalizeData(tensor.data, args.nonzero, given) };
    }
    const subtrahends = spreadOverChannels(args.subtrahend, tensor.shape[0], 'subtrahend');
    const divisors = spreadOverChannels(args.divisor, tensor.shape[0], 'divisor');
    return mapChannels(tensor, (channel, index) =>
      normalizeData(channel, args.nonzero, { subtrahend: subtrahends[index], divisor: divisors[index] }),
    );
  };
  return { name, apply: (item) => mapImages(item, args, name, change) };
}

interface Given {
  readonly subtrahend: number | undefined;
  readonly divisor: number | undefined;
}

function normalizeData(data: Float32Array, nonzero: boolean, given: Given): Float32Array {
  const takesPart = (value: number): boolean => !nonzero || value !== 0;
  let count = 0;
  let sum = 0;
  for (let index = 0; index < data.length; index++) {
    if (!takesPart(data[index])) continue;
    count++;
    sum += data[index];
  }
  if (count === 0) return data;
  const mean = sum / count;
  let squares = 0;
  for (let index = 0; index < data.length; index++) {
    if (takesPart(data[index])) squares += (data[index] - mean) ** 2;
  }
  const subtrahend = fround(given.subtrahend ?? mean);
  const divisor = fround(given.divisor ?? Math.sqrt(squares / count)) || 1;
  return data.map((value) => (takesPart(value) ? fround(value - subtrahend) / divisor : value));
}

function single(value: PerChannel, argument: string): number | undefined {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return undefined;
  throw new FaultError({
    code: 'wrong-argument',
    component: name,
    argument,
    message: 'A list has one number per channel, which needs channel_wise.',
    allowed: 'a single number, or channel_wise true',
  });
}

function spreadOverChannels(
  value: PerChannel,
  channels: number,
  argument: string,
): readonly (number | undefined)[] {
  if (value === null || value === undefined) return new Array<undefined>(channels).fill(undefined);
  const list = typeof value === 'number' ? [value] : value;
  if (list.length === channels) return list;
  throw new FaultError({
    code: 'wrong-argument',
    component: name,
    argument,
    message: `There are ${list.length} numbers for the ${channels} channels of the image.`,
    allowed: 'one number per channel',
  });
}
