import { z } from 'zod';
import { volumeFacts, volumeOutline } from '../imaging/volume-facts.ts';
import { previewEvent, previewRequest, stepImageRef } from '../preview-protocol.ts';
import { query, stream } from '../rpc/contract.ts';
import { mmarId, mmarPath, type MmarId } from './ids.ts';

const series = z
  .int()
  .nonnegative()
  .default(0)
  .describe('which one of a DICOM folder with several, the largest first');
const channel = z.int().nonnegative().default(0).describe('channel or time point');

/** Where a volume comes from. */
export const volumePlace = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('case'),
    mmar: mmarId,
    list: z.string().describe('key of the data list, such as training'),
    index: z.int().nonnegative().describe('of the case under that key'),
    key: z.string().describe('of the image in the case, such as image or label'),
    file: z.int().nonnegative().default(0).describe('which of several files, one per channel'),
    channel,
    series,
  }),
  z.object({
    from: z.literal('file'),
    mmar: mmarId,
    path: mmarPath.describe('of an image within the MMAR, such as a segmentation'),
    channel,
    series,
  }),
  z.object({
    from: z.literal('disk'),
    path: z.string().min(1).max(4096).describe('absolute, of a file or a DICOM folder that no MMAR has'),
    channel,
    series,
  }),
  stepImageRef.extend({ from: z.literal('preview'), preview: z.string() }),
]);
export type VolumePlace = z.input<typeof volumePlace>;

export const openVolume = z.object({
  token: z.string().describe('for volumeAddress'),
  facts: volumeFacts,
});
export type OpenVolume = z.output<typeof openVolume>;

export const begunVolume = z.object({
  token: z.string().describe('for volumeAddress'),
  outline: volumeOutline,
});
export type BegunVolume = z.output<typeof begunVolume>;

/** The first item names the preview, whose images are opened by that name. */
export const previewItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), preview: z.string() }),
  ...previewEvent.options,
]);
export type PreviewItem = z.output<typeof previewItem>;

/** Images and what transforms do to them. Voxels themselves come from {@link volumeAddress}. */
export const imagesApi = {
  /** Answers when the volume is read, with all that is known of it. */
  open: query(volumePlace, openVolume),
  /** Answers as soon as the reading has begun: the voxels come while the file is read. `open` says the rest. */
  begin: query(volumePlace, begunVolume),
  /** Runs pre_transforms over one case. Another run for the same MMAR takes the place of the one before. */
  preview: stream(previewRequest.omit({ trusted: true }).extend({ mmar: mmarId }), previewItem),
} as const;

/** Where the voxels of an open volume are: raw, x fastest, little-endian, of the type that its facts say. */
export const volumeAddress = (token: string): string => `/resource/volumes/${token}`;

/** Where a small picture (PNG) of a case is: a slice in the middle of its label, or of the image. */
export const thumbnailAddress = (
  mmar: MmarId,
  { list, index }: { readonly list: string; readonly index: number },
): string => `/resource/thumbnails/${mmar}/${encodeURIComponent(list)}/${index}`;
