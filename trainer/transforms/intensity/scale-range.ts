import {
  scaleIntensityRangePercentilesSpec,
  scaleIntensityRangeSpec,
  type ScaleIntensityRangeArgs,
  type ScaleIntensityRangePercentilesArgs,
} from '../../../common/components/transforms/intensity.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Tensor } from '../../data/tensor.ts';
import { mapImages } from '../item-access.ts';
import type { Transform } from '../transform.ts';
import { mapChannels } from './map-values.ts';
import { percentile } from './percentile.ts';

const { fround } = Math;

/** From one range to another; without a new range values become shares of the old one. */
interface RangeMap {
  readonly fromMin: number;
  readonly fromMax: number;
  readonly toMin?: number | null | undefined;
  readonly toMax?: number | null | undefined;
  readonly clip: boolean;
}

/** `monai.transforms.ScaleIntensityRanged` (0.8.1), with its float32 rounding after every operation. */
export function createScaleIntensityRange(args: ScaleIntensityRangeArgs): Transform {
  const { name } = scaleIntensityRangeSpec;
  const map: RangeMap = {
    fromMin: args.a_min,
    fromMax: args.a_max,
    toMin: args.b_min,
    toMax: args.b_max,
    clip: args.clip,
  };
  requireClipRange(map, name);
  return { name, apply: (item) => mapImages(item, args, name, (tensor) => scaleTensor(tensor, map)) };
}

/** `monai.transforms.ScaleIntensityRangePercentilesd` (0.8.1): percentiles by linear interpolation, as numpy's. */
export function createScaleIntensityRangePercentiles(args: ScaleIntensityRangePercentilesArgs): Transform {
  const { name } = scaleIntensityRangePercentilesSpec;
  const target = percentileTarget(args);
  requireClipRange({ ...target, clip: args.clip }, name);
  const mapOf = (data: Float32Array): RangeMap => ({
    fromMin: percentile(data, args.lower),
    fromMax: percentile(data, args.upper),
    ...target,
    clip: args.clip,
  });
  const change = (tensor: Tensor): Tensor =>
    args.channel_wise
      ? mapChannels(tensor, (channel) => scaleData(channel, mapOf(channel)))
      : scaleTensor(tensor, mapOf(tensor.data));
  return { name, apply: (item) => mapImages(item, args, name, change) };
}

function percentileTarget(args: ScaleIntensityRangePercentilesArgs): Pick<RangeMap, 'toMin' | 'toMax'> {
  const { b_min: min, b_max: max } = args;
  if (!args.relative) return { toMin: min, toMax: max };
  if (min === null || max === null) {
    throw new FaultError({
      code: 'wrong-argument',
      component: scaleIntensityRangePercentilesSpec.name,
      argument: 'relative',
      message: 'A relative range needs both b_min and b_max.',
      allowed: 'numbers for b_min and b_max, or relative false',
    });
  }
  return {
    toMin: (max - min) * (args.lower / 100) + min,
    toMax: (max - min) * (args.upper / 100) + min,
  };
}

function requireClipRange(
  { toMin, toMax, clip }: Pick<RangeMap, 'toMin' | 'toMax' | 'clip'>,
  component: string,
): void {
  const isOpen = (toMin ?? null) === null && (toMax ?? null) === null;
  if (!clip || !isOpen) return;
  throw new FaultError({
    code: 'wrong-argument',
    component,
    argument: 'clip',
    message: 'There is no new range to clip to.',
    allowed: 'clip with b_min or b_max',
  });
}

const scaleTensor = (tensor: Tensor, map: RangeMap): Tensor => ({
  shape: tensor.shape,
  data: scaleData(tensor.data, map),
});

function scaleData(data: Float32Array, { fromMin, fromMax, toMin, toMax, clip }: RangeMap): Float32Array {
  const scaled = new Float32Array(data.length);
  const low = fround(fromMin);
  if (fromMax - fromMin === 0) {
    const offset = fround(toMin ?? 0);
    for (let index = 0; index < data.length; index++) scaled[index] = fround(data[index] - low) + offset;
    return scaled;
  }
  const width = fround(fromMax - fromMin);
  const isMapped = typeof toMin === 'number' && typeof toMax === 'number';
  const factor = isMapped ? fround(toMax - toMin) : 1;
  const offset = isMapped ? fround(toMin) : 0;
  const floor = clip && typeof toMin === 'number' ? toMin : -Infinity;
  const ceiling = clip && typeof toMax === 'number' ? toMax : Infinity;
  for (let index = 0; index < data.length; index++) {
    const share = fround(fround(data[index] - low) / width);
    const value = isMapped ? fround(fround(share * factor) + offset) : share;
    scaled[index] = value < floor ? floor : value > ceiling ? ceiling : value;
  }
  return scaled;
}
