import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { seriesChoice } from './series-choice.ts';
import { valueStatistics } from './value-statistics.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);

/**
 * Everything about a volume but its voxels. Voxels stand x fastest, axes point right, anterior and superior as closely as
 * turns by quarters allow (closest canonical RAS).
 */
export const volumeFacts = z.object({
  shape: z.tuple([z.int(), z.int(), z.int()]),
  affine: z.array(z.number()).length(16).describe('voxel index to world (RAS, mm), row by row'),
  spacingMm: triple,
  voxelType: z.enum(['uint8', 'int16', 'uint16', 'float32']),
  slope: z.number().describe('value = stored * slope + intercept'),
  intercept: z.number(),
  inverted: z.boolean().describe('low values are meant to be bright (MONOCHROME1)'),
  statistics: valueStatistics,
  source: z.object({
    format: z.string().describe('such as NIfTI-1'),
    voxelType: z.string().describe('as the file has it'),
    orientation: z.string().describe('axis codes of the file, such as LPS'),
    shape: z.array(z.int()).describe('sizes in the file'),
    channel: z.int().describe('the channel or time point that this is, from 0'),
    channelCount: z.int(),
  }),
  modality: z.string().optional().describe('of DICOM: CT, MR ...'),
  series: seriesChoice.optional().describe('of a DICOM folder with several'),
  warnings: z.array(z.custom<Fault>()),
});

export type VolumeFacts = z.output<typeof volumeFacts>;

/** What is known of a volume before its voxels are read. */
export const volumeOutline = volumeFacts.omit({ statistics: true });

export type VolumeOutline = z.output<typeof volumeOutline>;
