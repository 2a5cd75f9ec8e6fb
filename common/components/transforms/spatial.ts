import { z } from 'zod';
import { parseAxisCodes } from '../../imaging/orientation.ts';
import type { ComponentArgs } from '../component-spec.ts';
import {
  allowMissingKeys,
  interpolation,
  keys,
  metaKeyArguments,
  outside,
  padding,
  perAxis,
  perKey,
  precision,
  probability,
  resizing,
  spatialSize,
  transformSpec,
} from './arguments.ts';

const axisIndex = z.int().min(-3).max(2);

export const spacingSpec = transformSpec({
  name: 'Spacingd',
  summary:
    'Resamples images to a voxel size in millimetres; voxel 0 stays where it is, and shears are taken out.',
  args: z.strictObject({
    keys,
    pixdim: perAxis(z.number()).describe(
      'voxel size in mm, one per axis; 0 or less keeps the size that the image has, axes beyond the list get 1',
    ),
    diagonal: z.boolean().default(false).describe('turn the grid to the world axes too'),
    mode: perKey(interpolation).default('bilinear').describe('interpolation; labels want nearest'),
    padding_mode: perKey(outside).default('border').describe('what lies outside the image'),
    align_corners: perKey(z.boolean().nullable())
      .default(false)
      .describe(
        'only for padding_mode reflection: mirror at the outer voxels (true) or at their faces (false)',
      ),
    dtype: precision('float64'),
    ...metaKeyArguments,
    allow_missing_keys: allowMissingKeys,
  }),
});

export const orientationSpec = transformSpec({
  name: 'Orientationd',
  summary: 'Flips and exchanges axes, without interpolation, so that they run as the letters say.',
  args: z.strictObject({
    keys,
    axcodes: z
      .string()
      .refine(
        (codes) => parseAxisCodes(codes) !== undefined,
        'must be three letters, one of each pair R L, A P, S I',
      )
      .nullish()
      .describe('where x, y and z run to, e.g. RAS'),
    as_closest_canonical: z.boolean().default(false).describe('the same as axcodes RAS, and before it'),
    labels: z
      .array(z.tuple([z.string(), z.string()]))
      .nullish()
      .describe('accepted where it is the default, [["L","R"],["P","A"],["I","S"]]'),
    ...metaKeyArguments,
    allow_missing_keys: allowMissingKeys,
  }),
});

export const flipSpec = transformSpec({
  name: 'Flipd',
  summary: 'Mirrors axes.',
  args: z.strictObject({
    keys,
    spatial_axis: z
      .union([axisIndex, z.array(axisIndex)])
      .nullish()
      .describe('axes to mirror; all when absent'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const randFlipSpec = transformSpec({
  name: 'RandFlipd',
  summary: 'Mirrors axes, all of the named ones together, with a probability.',
  random: true,
  args: z.strictObject({
    keys,
    prob: probability,
    spatial_axis: z
      .union([axisIndex, z.array(axisIndex)])
      .nullish()
      .describe('axes to mirror; all when absent'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const randAxisFlipSpec = transformSpec({
  name: 'RandAxisFlipd',
  summary: 'Mirrors one axis, drawn at random, with a probability.',
  random: true,
  args: z.strictObject({ keys, prob: probability, allow_missing_keys: allowMissingKeys }),
});

export const randRotate90Spec = transformSpec({
  name: 'RandRotate90d',
  summary: 'Turns by one to max_k quarters in the plane of two axes, with a probability.',
  random: true,
  args: z.strictObject({
    keys,
    prob: probability,
    max_k: z.int().positive().default(3).describe('most quarter turns'),
    spatial_axes: z.tuple([axisIndex, axisIndex]).default([0, 1]).describe('the plane'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const resizeSpec = transformSpec({
  name: 'Resized',
  summary: 'Stretches images to a number of voxels per axis.',
  args: z.strictObject({
    keys,
    spatial_size: spatialSize.describe('voxels per axis; 0 or less keeps what the image has'),
    size_mode: z
      .enum(['all', 'longest'])
      .default('all')
      .describe('longest: spatial_size is one number, for the longest axis, and the proportions stay'),
    mode: perKey(resizing).default('area').describe('interpolation; labels want nearest'),
    align_corners: perKey(z.boolean().nullable())
      .nullish()
      .describe('for linear modes: keep the outer voxels in place'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const randZoomSpec = transformSpec({
  name: 'RandZoomd',
  summary: 'Stretches images by a random factor, with a probability, and pads or crops back to the size.',
  random: true,
  args: z.strictObject({
    keys,
    prob: probability,
    min_zoom: perAxis(z.number().positive()).default(0.9).describe('smallest factor, one or one per axis'),
    max_zoom: perAxis(z.number().positive()).default(1.1).describe('largest factor, one or one per axis'),
    mode: perKey(resizing).default('area').describe('interpolation; labels want nearest'),
    padding_mode: perKey(padding).default('edge').describe('what fills up an image that became smaller'),
    align_corners: perKey(z.boolean().nullable())
      .nullish()
      .describe('for linear modes: keep the outer voxels in place'),
    keep_size: z.boolean().default(true).describe('pad or crop back to the size'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export type SpacingArgs = ComponentArgs<typeof spacingSpec>;
export type OrientationArgs = ComponentArgs<typeof orientationSpec>;
export type FlipArgs = ComponentArgs<typeof flipSpec>;
export type RandFlipArgs = ComponentArgs<typeof randFlipSpec>;
export type RandAxisFlipArgs = ComponentArgs<typeof randAxisFlipSpec>;
export type RandRotate90Args = ComponentArgs<typeof randRotate90Spec>;
export type ResizeArgs = ComponentArgs<typeof resizeSpec>;
export type RandZoomArgs = ComponentArgs<typeof randZoomSpec>;
