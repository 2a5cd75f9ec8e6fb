import { z } from 'zod';
import type { ComponentArgs } from '../component-spec.ts';
import {
  allowMissingKeys,
  keys,
  metaKeyArguments,
  perKey,
  precision,
  probability,
  spread,
  transformSpec,
} from './arguments.ts';

const clip = z.boolean().default(false).describe('cut values off at the ends of the new range');
const perChannel = z.union([z.number(), z.array(z.number())]).nullish();
const percentage = z.number().min(0).max(100);
const sigmaRange = z
  .tuple([z.number().positive(), z.number().positive()])
  .default([0.25, 1.5])
  .describe('range of the standard deviation along this axis, in voxels');

export const scaleIntensityRangeSpec = transformSpec({
  name: 'ScaleIntensityRanged',
  summary: 'Maps the range from a_min to a_max linearly to that from b_min to b_max.',
  args: z.strictObject({
    keys,
    a_min: z.number().describe('value that becomes b_min'),
    a_max: z.number().describe('value that becomes b_max'),
    b_min: z.number().nullish().describe('new minimum; without b_min and b_max the range becomes 0 to 1'),
    b_max: z.number().nullish().describe('new maximum'),
    clip,
    dtype: precision('float32'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const scaleIntensityRangePercentilesSpec = transformSpec({
  name: 'ScaleIntensityRangePercentilesd',
  summary: "Maps the range between two percentiles of an image's own values linearly to a new range.",
  args: z.strictObject({
    keys,
    lower: percentage.describe('percentile that becomes b_min'),
    upper: percentage.describe('percentile that becomes b_max'),
    b_min: z.number().nullable().describe('new minimum'),
    b_max: z.number().nullable().describe('new maximum'),
    clip,
    relative: z.boolean().default(false).describe('the new range is narrowed by the percentiles too'),
    channel_wise: z.boolean().default(false).describe('each channel has its own percentiles'),
    dtype: precision('float32'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const scaleIntensitySpec = transformSpec({
  name: 'ScaleIntensityd',
  summary: 'Maps the values of an image to a range by their own minimum and maximum, or multiplies them.',
  args: z.strictObject({
    keys,
    minv: z.number().nullable().default(0).describe('new minimum'),
    maxv: z.number().nullable().default(1).describe('new maximum'),
    factor: z.number().nullish().describe('with minv and maxv null: values are multiplied by 1 + factor'),
    channel_wise: z.boolean().default(false).describe('each channel by its own minimum and maximum'),
    dtype: precision('float32'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const normalizeIntensitySpec = transformSpec({
  name: 'NormalizeIntensityd',
  summary: 'Subtracts the mean of an image and divides by its standard deviation.',
  args: z.strictObject({
    keys,
    subtrahend: perChannel.describe('subtracted instead of the mean; a list has one number per channel'),
    divisor: perChannel.describe(
      'divided by instead of the standard deviation; a list has one number per channel',
    ),
    nonzero: z.boolean().default(false).describe('only voxels that are not 0 count and change'),
    channel_wise: z.boolean().default(false).describe('each channel by itself'),
    dtype: precision('float32'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const randShiftIntensitySpec = transformSpec({
  name: 'RandShiftIntensityd',
  summary: 'Adds one random number to all voxels, with a probability.',
  random: true,
  args: z.strictObject({
    keys,
    offsets: spread.describe('the number is between -offsets and offsets, or in the given range'),
    factor_key: perKey(z.string())
      .nullish()
      .describe('key of the metadata whose number multiplies the offset'),
    ...metaKeyArguments,
    prob: probability,
    allow_missing_keys: allowMissingKeys,
  }),
});

export const randScaleIntensitySpec = transformSpec({
  name: 'RandScaleIntensityd',
  summary: 'Multiplies all voxels by 1 plus a random number, with a probability.',
  random: true,
  args: z.strictObject({
    keys,
    factors: spread.describe('the number is between -factors and factors, or in the given range'),
    prob: probability,
    dtype: precision('float32'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const randGaussianNoiseSpec = transformSpec({
  name: 'RandGaussianNoised',
  summary: 'Adds normal noise, the same to all keys, with a probability.',
  random: true,
  args: z.strictObject({
    keys,
    prob: probability,
    mean: z.number().default(0).describe('mean of the noise'),
    std: z.number().min(0).default(0.1).describe('the standard deviation is drawn between 0 and this'),
    dtype: precision('float32'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const randAdjustContrastSpec = transformSpec({
  name: 'RandAdjustContrastd',
  summary: 'Raises values, taken as a share of their range, to a random power, with a probability.',
  random: true,
  args: z.strictObject({
    keys,
    prob: probability,
    gamma: z
      .union([z.number().gt(0.5), z.tuple([z.number().positive(), z.number().positive()])])
      .default([0.5, 4.5])
      .describe('range of the power; a single number for the range from 0.5 to it'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const randGaussianSmoothSpec = transformSpec({
  name: 'RandGaussianSmoothd',
  summary: 'Blurs by a Gaussian of random width per axis, with a probability.',
  random: true,
  args: z.strictObject({
    keys,
    sigma_x: sigmaRange,
    sigma_y: sigmaRange,
    sigma_z: sigmaRange,
    approx: z.literal('erf').default('erf').describe('how the kernel is computed'),
    prob: probability,
    allow_missing_keys: allowMissingKeys,
  }),
});

export type ScaleIntensityRangeArgs = ComponentArgs<typeof scaleIntensityRangeSpec>;
export type ScaleIntensityRangePercentilesArgs = ComponentArgs<typeof scaleIntensityRangePercentilesSpec>;
export type ScaleIntensityArgs = ComponentArgs<typeof scaleIntensitySpec>;
export type NormalizeIntensityArgs = ComponentArgs<typeof normalizeIntensitySpec>;
export type RandShiftIntensityArgs = ComponentArgs<typeof randShiftIntensitySpec>;
export type RandScaleIntensityArgs = ComponentArgs<typeof randScaleIntensitySpec>;
export type RandGaussianNoiseArgs = ComponentArgs<typeof randGaussianNoiseSpec>;
export type RandAdjustContrastArgs = ComponentArgs<typeof randAdjustContrastSpec>;
export type RandGaussianSmoothArgs = ComponentArgs<typeof randGaussianSmoothSpec>;
