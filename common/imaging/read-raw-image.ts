import { FaultError, type Result } from '../fault.ts';
import { voxelTypes } from './nifti-datatype.ts';
import type { RawImage } from './raw-image.ts';
import { refuseLarge } from './refuse-large.ts';
import type { StoredImage } from './stored-image.ts';
import { viewStored } from './view-stored.ts';

/** How a program gets at the bytes that a header leads to. */
export interface RawImageFiles {
  /** All bytes of a file that a header names, relative to the header's folder. */
  readonly readBeside: (dataFile: string) => Uint8Array;
  /** The content of gzip or zlib data, or the same bytes where they are neither. */
  readonly inflate: (bytes: Uint8Array, name: string, expectedBytes: number) => Uint8Array;
}

/**
 * Reads what a text header describes: NRRD (.nrrd, .nhdr) and MetaImage (.mha, .mhd).
 *
 * @param headerBytes the file of the header, with the voxels behind it or without
 * @param name what faults call the file
 * @throws FaultError `image-unreadable`, `image-truncated`, and what `files` throws
 */
export function readRawImage(
  parsed: Result<RawImage>,
  headerBytes: Uint8Array,
  name: string,
  files: RawImageFiles,
): StoredImage {
  if (!parsed.ok) throw new FaultError(...parsed.faults.map((fault) => ({ ...fault, file: name })));
  const image = parsed.value;
  const { grid, voxelType, littleEndian, channelCount } = image;
  const count = grid.shape[0] * grid.shape[1] * grid.shape[2] * channelCount;
  refuseLarge(count, voxelType, name);
  const neededBytes = count * voxelTypes[voxelType].bytes;
  const data = readData(image, headerBytes, neededBytes, name, files);
  return {
    format: image.format,
    grid,
    spatialRank: image.spatialRank,
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
  name: string,
  files: RawImageFiles,
): Uint8Array {
  const { dataFile, dataOffset, compression } = image;
  if (dataFile !== undefined) refuseElsewhere(dataFile, name);
  const bytes = dataFile === undefined ? headerBytes : files.readBeside(dataFile);
  const start = dataOffset === 'end' ? Math.max(0, bytes.length - neededBytes) : dataOffset;
  const stored = bytes.subarray(start);
  if (compression === 'none') return stored;
  const content = files.inflate(stored, name, neededBytes);
  if (content !== stored) return content;
  throw new FaultError({
    code: stored.length === 0 ? 'image-truncated' : 'image-unreadable',
    file: name,
    message: 'The header calls the voxels compressed, and they are not.',
  });
}

/** A header may not lead to files elsewhere: beside it, or in a folder below. */
function refuseElsewhere(dataFile: string, name: string): void {
  const isElsewhere = /^([a-z]:|[\\/])/i.test(dataFile) || dataFile.split(/[\\/]/).includes('..');
  if (!isElsewhere) return;
  throw new FaultError({
    code: 'image-unreadable',
    file: name,
    message: 'The header names a file of voxels in another folder.',
    allowed: 'a file beside the header',
  });
}
