import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { FaultError, type Fault, type Result } from '../../common/fault.ts';
import { isAllClose, type Affine } from '../../common/imaging/affine.ts';
import { toRowMajor } from '../../common/imaging/axis-order.ts';
import { repairedAffineOf } from '../../common/imaging/nifti-affine.ts';
import { parseNiftiHeader, type NiftiHeader } from '../../common/imaging/nifti-header.ts';
import { readVoxels } from '../../common/imaging/nifti-voxels.ts';
import type { ImageMeta } from './item.ts';
import { moveAxisToFront } from './move-axis.ts';
import { createTensor, isSameShape, type Tensor } from './tensor.ts';

/** An image as MONAI's LoadImage gives it: no channel axis in front yet. */
export interface LoadedImage {
  /** Sizes x, y, z and, where the file has more axes, those; C order. */
  readonly voxels: Tensor;
  readonly meta: ImageMeta;
}

/**
 * Reads a NIfTI image (.nii, .nii.gz, or the .hdr or .img of a pair; compression is recognised by content). Voxels are
 * float32 with slope and intercept applied, the affine is nibabel's after MONAI's repair. Several files become the channels
 * of one image, along the first axis.
 *
 * Faults: `image-missing`, `image-unreadable`, `image-truncated`, `image-size-mismatch` (files to stack that differ).
 */
export function readImage(files: string | readonly string[]): LoadedImage {
  if (typeof files === 'string') return readOneImage(files);
  if (files.length === 1) return readOneImage(files[0]);
  return stackImages(files.map(readOneImage));
}

function readOneImage(file: string): LoadedImage {
  const { header, voxelBytes } = openImage(file);
  const values = expect(readVoxels(header, voxelBytes), file);
  const affine = expect(repairedAffineOf(header), file);
  const spatialRank = Math.min(header.shape.length, 3);
  return {
    voxels: createTensor(header.shape, toRowMajor(values, header.shape)),
    meta: {
      affine,
      originalAffine: affine,
      spatialShape: header.shape.slice(0, spatialRank),
      originalChannelDim: header.shape.length === spatialRank ? 'no_channel' : -1,
      fileName: file,
    },
  };
}

/** The header, and the uncompressed bytes that its voxel offset counts in. */
function openImage(file: string): { header: NiftiHeader; voxelBytes: Uint8Array } {
  const headerFile = file.replace(/\.img(\.gz)?$/i, '.hdr$1');
  const bytes = readBytes(headerFile);
  const header = expect(parseNiftiHeader(bytes), headerFile);
  const voxelFile = header.singleFile ? headerFile : headerFile.replace(/\.hdr(\.gz)?$/i, '.img$1');
  return { header, voxelBytes: header.singleFile ? bytes : readBytes(voxelFile) };
}

function readBytes(file: string): Uint8Array {
  const bytes = readFile(file);
  const isCompressed = bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isCompressed) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new FaultError(describeInflateError(error, file));
  }
}

function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new FaultError({ code: 'image-missing', file, message: 'There is no such image file.' });
    }
    if (code === 'EISDIR') {
      throw new FaultError({
        code: 'image-unreadable',
        file,
        message: 'This is a folder.',
        allowed: 'one NIfTI file per image',
      });
    }
    throw new FaultError({ code: 'image-unreadable', file, message: `The image cannot be read (${code}).` });
  }
}

function describeInflateError(error: unknown, file: string): Fault {
  const isCutOff = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  return isCutOff
    ? { code: 'image-truncated', file, message: 'The compressed data end too early.' }
    : { code: 'image-unreadable', file, message: 'The compressed data are damaged.' };
}

function stackImages(images: readonly LoadedImage[]): LoadedImage {
  const [first, ...others] = images;
  for (const other of others) {
    if (!isSameShape(first.voxels.shape, other.voxels.shape)) {
      throw new FaultError(stackFault(other, first, 'voxels', (image) => image.voxels.shape.join(' x ')));
    }
    if (!isAllClose(other.meta.affine, first.meta.affine)) {
      throw new FaultError(stackFault(other, first, 'affine', (image) => formatAffine(image.meta.affine)));
    }
  }
  const channels = images.map(({ voxels, meta }) => asChannels(voxels, meta));
  const data = new Float32Array(channels.reduce((count, channel) => count + channel.data.length, 0));
  let offset = 0;
  for (const channel of channels) {
    data.set(channel.data, offset);
    offset += channel.data.length;
  }
  const channelCount = channels.reduce((count, { shape }) => count + shape[0], 0);
  return {
    voxels: createTensor([channelCount, ...channels[0].shape.slice(1)], data),
    meta: { ...first.meta, originalChannelDim: 0 },
  };
}

function asChannels(voxels: Tensor, { originalChannelDim }: ImageMeta): Tensor {
  if (originalChannelDim === 'no_channel') return createTensor([1, ...voxels.shape], voxels.data);
  return moveAxisToFront(voxels, originalChannelDim);
}

function stackFault(
  other: LoadedImage,
  first: LoadedImage,
  what: string,
  describe: (image: LoadedImage) => string,
): Fault {
  return {
    code: 'image-size-mismatch',
    file: other.meta.fileName,
    message: `The ${what} of this channel (${describe(other)}) differ from those of the first one (${describe(first)}).`,
    allowed: 'images of the same size and affine as channels of one image',
  };
}

const formatAffine = (affine: Affine): string =>
  affine
    .slice(0, 12)
    .map((value) => Number(value.toFixed(4)))
    .join(' ');

function expect<T>(result: Result<T>, file: string): T {
  if (result.ok) return result.value;
  throw new FaultError(...result.faults.map((fault) => ({ ...fault, file })));
}
