import {
  scaleIntensitySpec,
  type ScaleIntensityArgs,
} from '../../../common/components/transforms/intensity.ts';
import type { Tensor } from '../../data/tensor.ts';
import { mapImages } from '../item-access.ts';
import type { Transform } from '../transform.ts';
import { findRange, mapChannels, mapValues } from './map-values.ts';

const { fround } = Math;

/**
 * `monai.transforms.ScaleIntensityd` (0.8.1): minimum and maximum become minv and maxv (0 and 1 when one of them is null); a
 * constant image is multiplied by minv. With both null values are multiplied by 1 + factor.
 */
export function createScaleIntensity(args: ScaleIntensityArgs): Transform {
  const { name } = scaleIntensitySpec;
  const { minv, maxv, factor } = args;
  const rescale = (data: Float32Array): Float32Array => rescaleData(data, minv, maxv);
  const change = (tensor: Tensor): Tensor => {
    if (minv === null && maxv === null) return scaleByFactor(tensor, factor ?? 0);
    if (args.channel_wise) return mapChannels(tensor, rescale);
    return { shape: tensor.shape, data: rescale(tensor.data) };
  };
  return { name, apply: (item) => mapImages(item, args, name, change) };
}

/** Every value times 1 + factor. */
export function scaleByFactor(tensor: Tensor, factor: number): Tensor {
  const scale = fround(1 + factor);
  return mapValues(tensor, (value) => value * scale);
}

function rescaleData(data: Float32Array, minv: number | null, maxv: number | null): Float32Array {
  const { min, max } = findRange(data);
  if (min === max) return minv === null ? data : data.map((value) => value * fround(minv));
  const width = fround(max - min);
  if (minv === null || maxv === null) return data.map((value) => fround(value - min) / width);
  const [factor, offset] = [fround(maxv - minv), fround(minv)];
  return data.map((value) => fround(fround(fround(value - min) / width) * factor) + offset);
}
