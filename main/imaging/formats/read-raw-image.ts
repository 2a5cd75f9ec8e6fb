import { dirname, isAbsolute, resolve } from 'node:path';
import { FaultError, type Result } from '../../../common/fault.ts';
import { voxelTypes } from '../../../common/imaging/nifti-datatype.ts';
import type { RawImage } from '../../../common/imaging/raw-image.ts';
import { inflate, readBytes } from '../read-bytes.ts';
import { refuseLarge } from '../../../common/imaging/refuse-large.ts';
import type { StoredImage } from '../../../common/imaging/stored-image.ts';
import { viewStored } from '../../../common/imaging/view-stored.ts';

/**
 * Reads what a text header describes: NRRD (.nrrd, .nhdr) and MetaImage (.mha, .mhd).
 *
 * @throws FaultError `image-unreadable`, `image-truncated`, `image-missing` (the file of the voxels)
 */
export function readRawImage(
  parsed: Result<RawImage>,
  headerBytes: Uint8Array,
  file: string,
  name: string,
): StoredImage {
  if (!parsed.ok) throw new FaultError(...parsed.faults.map((fault) => ({ ...fault, file: name })));
  const image = parsed.value;
  const { grid, voxelType, littleEndian, channelCount } = image;
  const count = grid.shape[0] * grid.shape[1] * grid.shape[2] * channelCount;
  refuseLarge(count, voxelType, name);
  const neededBytes = count * voxelTypes[voxelType].bytes;
  const data = readData(image, headerBytes, neededBytes, file, name);
  return {
    format: image.format,
    grid,
    voxels: viewStored(data, { voxelType, littleEndian, count, offset: 0 }, name),
    voxelType,
    channelCount,
    interleaved: image.interleaved,
    slope: 1,
    intercept: 0,
    inverted: false,
    warnings: [],
  };
}

/** The bytes of the voxels, uncompressed. */
function readData(
  image: RawImage,
  headerBytes: Uint8Array,
  neededBytes: number,
  file: string,
  name: string,
): Uint8Array {
  const { dataFile, dataOffset, compression } = image;
  const bytes = dataFile === undefined ? headerBytes : readBytes(locateData(dataFile, file, name), dataFile);
  const start = dataOffset === 'end' ? Math.max(0, bytes.length - neededBytes) : dataOffset;
  const stored = bytes.subarray(start);
  if (compression === 'none') return stored;
  const content = inflate(stored, name, neededBytes);
  if (content !== stored) return content;
  throw new FaultError({
    code: stored.length === 0 ? 'image-truncated' : 'image-unreadable',
    file: name,
    message: 'The header calls the voxels compressed, and they are not.',
  });
}

/** A header may not lead to files elsewhere: beside it, or in a folder below. */
function locateData(dataFile: string, file: string, name: string): string {
  const isElsewhere = isAbsolute(dataFile) || dataFile.split(/[\\/]/).includes('..');
  if (!isElsewhere) return resolve(dirname(file), dataFile);
  throw new FaultError({
    code: 'image-unreadable',
    file: name,
    message: 'The header names a file of voxels in another folder.',
    allowed: 'a file beside the header',
  });
}
