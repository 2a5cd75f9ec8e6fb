import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FaultError, type Fault, type Result } from '../../common/fault.ts';
import { isAllClose, type Affine } from '../../common/imaging/affine.ts';
import { isDicom } from '../../common/imaging/dicom/data-set.ts';
import { isMetaImage, parseMetaHeader } from '../../common/imaging/meta-header.ts';
import { isNrrd, parseNrrdHeader } from '../../common/imaging/nrrd-header.ts';
import type { RawImage } from '../../common/imaging/raw-image.ts';
import { readRawImage } from '../../common/imaging/read-raw-image.ts';
import { convertStored } from './formats/convert-stored.ts';
import { inflate, readBytes } from './formats/read-bytes.ts';
import { readDicom } from './formats/read-dicom.ts';
import { readNifti } from './formats/read-nifti.ts';
import type { ImageMeta } from './item.ts';
import type { LoadedImage } from './loaded-image.ts';
import { moveAxisToFront } from './move-axis.ts';
import { createTensor, isSameShape, type Tensor } from './tensor.ts';

/**
 * Reads an image: NIfTI (.nii, .nii.gz, or the .hdr or .img of a pair), NRRD (.nrrd, .nhdr), MetaImage (.mha, .mhd), or a
 * DICOM series (its folder, or one file). Format and compression are recognised by content. Voxels are float32 with slope and
 * intercept applied; axes and affine are those of MONAI's NibabelReader, and for the other formats of its ITKReader, so that a
 * volume is the same in every format. Several files become the channels of one image, along the first axis.
 *
 * Faults: `image-missing`, `image-unreadable`, `image-truncated`, `image-size-mismatch` (files to stack that differ).
 */
export function readImage(files: string | readonly string[]): LoadedImage {
  if (typeof files === 'string') return readOneImage(files);
  if (files.length === 1) return readOneImage(files[0]);
  return stackImages(files.map(readOneImage));
}

function readOneImage(file: string): LoadedImage {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return convertStored(readDicom(file), file);
  // The header of a pair says more than its voxels.
  const headerFile = file.replace(/\.img(\.gz)?$/i, '.hdr$1');
  const bytes = readBytes(headerFile);
  if (isDicom(bytes)) return convertStored(readDicom(file), file);
  if (isNrrd(bytes)) return readRaw(parseNrrdHeader(bytes), bytes, file);
  if (isMetaImage(bytes, file)) return readRaw(parseMetaHeader(bytes), bytes, file);
  return readNifti(file, headerFile, inflate(bytes, headerFile));
}

function readRaw(parsed: Result<RawImage>, bytes: Uint8Array, file: string): LoadedImage {
  const readBeside = (dataFile: string): Uint8Array => readBytes(resolve(dirname(file), dataFile));
  return convertStored(readRawImage(parsed, bytes, file, { readBeside, inflate }), file);
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
