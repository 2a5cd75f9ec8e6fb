import { z } from 'zod';
import type { ComponentArgs } from '../component-spec.ts';
import {
  allowMissingKeys,
  interpolation,
  keys,
  metaKeyArguments,
  outside,
  precision,
  transformSpec,
} from './arguments.ts';

export const loadImageSpec = transformSpec({
  name: 'LoadImaged',
  summary:
    'Reads the image that each key names (NIfTI, NRRD, MetaImage, or the folder of a DICOM series; a list of files becomes channels): voxels as float32 in the order x, y, z, and metadata.',
  args: z.strictObject({
    keys,
    reader: z
      .enum(['NibabelReader', 'ITKReader'])
      .nullish()
      .describe('the reader; files are told apart by their content, whatever it says'),
    dtype: z.literal('float32').default('float32').describe('type of the voxels'),
    ...metaKeyArguments,
    overwriting: z
      .boolean()
      .default(false)
      .describe('replace metadata that is already there, instead of failing'),
    image_only: z.boolean().default(false).describe('leave the metadata out'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const saveImageSpec = transformSpec({
  name: 'SaveImaged',
  summary:
    'Writes the image under each key as <output_dir>/<case>/<case>_<postfix>.nii.gz, on the grid of the file it came from.',
  args: z.strictObject({
    keys,
    ...metaKeyArguments,
    output_dir: z.string().default('./').describe('folder that the files go to; made where missing'),
    output_postfix: z.string().default('trans').describe('joined to the case name by _'),
    output_ext: z.enum(['.nii.gz', '.nii']).default('.nii.gz').describe('file name extension'),
    resample: z.boolean().default(true).describe('bring the image back to the grid of the file it came from'),
    mode: interpolation.default('nearest').describe('interpolation for resample'),
    padding_mode: outside.default('border').describe('what lies outside the image, for resample'),
    scale: z.null().optional().describe('for PNG files, which are not written here'),
    dtype: precision('float64'),
    output_dtype: z
      .enum(['float32', 'uint8', 'int16'])
      .default('float32')
      .describe('type of the voxels in the file'),
    allow_missing_keys: allowMissingKeys,
    squeeze_end_dims: z
      .boolean()
      .default(true)
      .describe('drop the channel axis of a single channel, and a third axis of a single slice'),
    data_root_dir: z
      .string()
      .default('')
      .describe('folder whose structure below is kept: a file a/b.nii in it goes to <output_dir>/a/b/'),
    separate_folder: z.boolean().default(true).describe('a folder for each case'),
    print_log: z.boolean().default(true).describe('accepted; nothing is printed'),
  }),
});

export type LoadImageArgs = ComponentArgs<typeof loadImageSpec>;
export type SaveImageArgs = ComponentArgs<typeof saveImageSpec>;
