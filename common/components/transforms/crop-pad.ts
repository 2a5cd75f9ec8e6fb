import { z } from 'zod';
import type { ComponentArgs } from '../component-spec.ts';
import {
  allowMissingKeys,
  keys,
  metaKeyArguments,
  padding,
  perAxis,
  perKey,
  spatialSize,
  transformSpec,
} from './arguments.ts';

const paddingMode = perKey(padding).default('constant').describe('what padding is made of; constant is 0');
const paddingMethod = z
  .enum(['symmetric', 'end'])
  .default('symmetric')
  .describe('pad on both sides, or only behind the last voxel');

export const cropForegroundSpec = transformSpec({
  name: 'CropForegroundd',
  summary: 'Crops to the box around the voxels of source_key that are above 0 in any channel.',
  args: z.strictObject({
    keys,
    source_key: z.string().describe('the image that the box is found in'),
    channel_indices: z
      .union([z.int().min(0), z.array(z.int().min(0))])
      .nullish()
      .describe('channels of the source that count; all when absent'),
    margin: perAxis(z.int().min(0))
      .default(0)
      .describe('voxels added around the box, as far as the image goes'),
    k_divisible: perAxis(z.int()).default(1).describe('grow the box to multiples of this'),
    mode: paddingMode,
    start_coord_key: z
      .string()
      .default('foreground_start_coord')
      .describe('key that the first voxel of the box goes to'),
    end_coord_key: z
      .string()
      .default('foreground_end_coord')
      .describe('key that the voxel behind the last one of the box goes to'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const randCropByPosNegLabelSpec = transformSpec({
  name: 'RandCropByPosNegLabeld',
  summary:
    'Crops num_samples patches whose centres are labelled voxels, or unlabelled ones, in the ratio pos to neg.',
  random: true,
  args: z
    .strictObject({
      keys,
      label_key: z.string().describe('the label that centres are chosen by'),
      spatial_size: spatialSize.describe('voxels per axis of a patch; 0 or less for the whole axis'),
      pos: z.number().min(0).default(1).describe('share of centres on labelled voxels'),
      neg: z.number().min(0).default(1).describe('share of centres on unlabelled voxels'),
      num_samples: z.int().positive().default(1).describe('patches per image'),
      image_key: z
        .string()
        .nullish()
        .describe('an image that unlabelled centres must be above image_threshold in'),
      image_threshold: z.number().default(0).describe('see image_key'),
      fg_indices_key: z.string().nullish().describe('key of ready-made positions of labelled voxels'),
      bg_indices_key: z.string().nullish().describe('key of ready-made positions of unlabelled voxels'),
      ...metaKeyArguments,
      allow_smaller: z
        .boolean()
        .default(false)
        .describe('take all of an axis that is shorter than the patch'),
      allow_missing_keys: allowMissingKeys,
    })
    .refine(({ pos, neg }) => pos + neg > 0, { path: ['pos'], message: 'pos and neg must not both be 0' }),
});

export const spatialPadSpec = transformSpec({
  name: 'SpatialPadd',
  summary: 'Pads images that are smaller than a size up to it.',
  args: z.strictObject({
    keys,
    spatial_size: spatialSize.describe('voxels per axis that an image has at least afterwards'),
    method: paddingMethod,
    mode: paddingMode,
    allow_missing_keys: allowMissingKeys,
  }),
});

export const divisiblePadSpec = transformSpec({
  name: 'DivisiblePadd',
  summary: 'Pads images to multiples of k voxels per axis.',
  args: z.strictObject({
    keys,
    k: perAxis(z.int()).describe('one number or one per axis; 0 or less leaves an axis alone'),
    mode: paddingMode,
    method: paddingMethod,
    allow_missing_keys: allowMissingKeys,
  }),
});

export const centerSpatialCropSpec = transformSpec({
  name: 'CenterSpatialCropd',
  summary: 'Crops the middle of images.',
  args: z.strictObject({
    keys,
    roi_size: spatialSize.describe('voxels per axis; an axis that is shorter stays as it is'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const resizeWithPadOrCropSpec = transformSpec({
  name: 'ResizeWithPadOrCropd',
  summary: 'Crops the middle of images, or pads them, to exactly a size.',
  args: z.strictObject({
    keys,
    spatial_size: spatialSize.describe('voxels per axis; 0 or less keeps what the image has'),
    mode: paddingMode,
    allow_missing_keys: allowMissingKeys,
    method: paddingMethod,
  }),
});

export const randSpatialCropSpec = transformSpec({
  name: 'RandSpatialCropd',
  summary: 'Crops a box at a random place and, unless random_size is false, of a random size.',
  random: true,
  args: z.strictObject({
    keys,
    roi_size: spatialSize.describe('voxels per axis: the size, or the smallest one with random_size'),
    max_roi_size: spatialSize.nullish().describe('the largest size with random_size; by default the image'),
    random_center: z.boolean().default(true).describe('a random place; otherwise the middle'),
    random_size: z.boolean().default(true).describe('a random size'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export type CropForegroundArgs = ComponentArgs<typeof cropForegroundSpec>;
export type RandCropByPosNegLabelArgs = ComponentArgs<typeof randCropByPosNegLabelSpec>;
export type SpatialPadArgs = ComponentArgs<typeof spatialPadSpec>;
export type DivisiblePadArgs = ComponentArgs<typeof divisiblePadSpec>;
export type CenterSpatialCropArgs = ComponentArgs<typeof centerSpatialCropSpec>;
export type ResizeWithPadOrCropArgs = ComponentArgs<typeof resizeWithPadOrCropSpec>;
export type RandSpatialCropArgs = ComponentArgs<typeof randSpatialCropSpec>;
