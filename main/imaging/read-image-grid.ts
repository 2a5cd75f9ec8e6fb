import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FaultError, fail, succeed, unwrap, type Fault, type Result } from '../../common/fault.ts';
import type { Affine } from '../../common/imaging/affine.ts';
import { isDicom } from '../../common/imaging/dicom/data-set.ts';
import { planSeries } from '../../common/imaging/dicom/plan-series.ts';
import { readSliceHeaders } from '../../common/imaging/dicom/read-headers.ts';
import { isMetaImage, parseMetaHeader } from '../../common/imaging/meta-header.ts';
import { repairedAffineOf } from '../../common/imaging/nifti-affine.ts';
import { voxelTypes } from '../../common/imaging/nifti-datatype.ts';
import { countVoxels } from '../../common/imaging/nifti-voxels.ts';
import { isNrrd, parseNrrdHeader } from '../../common/imaging/nrrd-header.ts';
import type { RawImage } from '../../common/imaging/raw-image.ts';
import { readDicom } from './dicom/read-dicom.ts';
import { seriesFiles } from './dicom/series-files.ts';
import { readHead } from './read-bytes.ts';
import { readImageHeader } from './read-image-header.ts';

/** What an image is like, without its voxels. */
export interface ImageGrid {
  /** Sizes of the spatial axes and, where there are channels, their number. */
  readonly shape: readonly number[];
  /** The one that training uses. */
  readonly affine: Affine;
  /** Bytes of the voxels, uncompressed. */
  readonly voxelBytes: number;
  /** The files with the voxels. */
  readonly parts: readonly StoredPart[];
  /** Doubts about a series of slices. */
  readonly warnings: readonly Fault[];
}

/** A file that holds voxels. */
export interface StoredPart {
  /** Absolute path. */
  readonly file: string;
  /** Where the voxels end in the file's content, uncompressed. */
  readonly endBytes: number;
  /** `file`: the file may be gzip as a whole; `voxels`: the voxels alone are compressed, and only reading them tells. */
  readonly compression: 'none' | 'file' | 'voxels';
}

/** Enough for the header of a text format. */
const HEAD_BYTES = 65536;

/**
 * Reads what the header of an image says: NIfTI, NRRD, MetaImage, or a DICOM series (its folder, or one file).
 *
 * @param file absolute path
 * @param name what faults call the file: a path relative to the data root
 */
export async function readImageGrid(file: string, name: string): Promise<Result<ImageGrid>> {
  try {
    return succeed(await readGrid(file, name));
  } catch (error) {
    if (error instanceof FaultError) return fail(...error.faults);
    throw error;
  }
}

async function readGrid(file: string, name: string): Promise<ImageGrid> {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return gridOfSeries(file, name);
  const headerFile = file.replace(/\.img(\.gz)?$/i, '.hdr$1');
  const head = readHead(headerFile, HEAD_BYTES, name);
  if (isDicom(head)) return gridOfSeries(file, name);
  if (isNrrd(head)) return gridOfRaw(parseNrrdHeader(head), file, name);
  if (isMetaImage(head, file)) return gridOfRaw(parseMetaHeader(head), file, name);
  return gridOfNifti(headerFile, name);
}

async function gridOfNifti(file: string, name: string): Promise<ImageGrid> {
  const header = unwrap(await readImageHeader(file, name));
  const affine = unwrap(inFile(repairedAffineOf(header), name));
  const voxelBytes = countVoxels(header) * voxelTypes[header.voxelType].bytes;
  const voxelFile = header.singleFile ? file : file.replace(/\.hdr(\.gz)?$/i, '.img$1');
  const endBytes = header.voxelOffset + voxelBytes;
  const parts = [{ file: voxelFile, endBytes, compression: 'file' }] as const;
  return { shape: header.shape, affine, voxelBytes, parts, warnings: [] };
}

function gridOfRaw(parsed: Result<RawImage>, file: string, name: string): ImageGrid {
  const { grid, spatialRank, channelCount, voxelType, ...stored } = unwrap(inFile(parsed, name));
  const spatial = grid.shape.slice(0, spatialRank);
  const shape = channelCount === 1 ? spatial : [...spatial, channelCount];
  const voxelBytes = shape.reduce((product, size) => product * size, voxelTypes[voxelType].bytes);
  const part: StoredPart = {
    file: stored.dataFile === undefined ? file : resolve(dirname(file), stored.dataFile),
    endBytes: (stored.dataOffset === 'end' ? 0 : stored.dataOffset) + voxelBytes,
    compression: stored.compression === 'none' ? 'none' : 'voxels',
  };
  return { shape, affine: grid.affine, voxelBytes, parts: [part], warnings: [] };
}

async function gridOfSeries(path: string, name: string): Promise<ImageGrid> {
  const { slices, grid, isNative, warnings } = planSeries(readSliceHeaders(path, name, seriesFiles), name);
  // What decodes several frames knows where they are.
  const { shape, affine } = grid ?? (await readDicom(path, name)).grid;
  const [first] = slices;
  const sliceBytes = (first!.rows * first!.columns * first!.bitsAllocated) / 8;
  const parts = slices.map(({ file, pixels }): StoredPart => ({
    file,
    endBytes: (pixels?.offset ?? 0) + sliceBytes,
    compression: isNative ? 'none' : 'voxels',
  }));
  return { shape, affine, voxelBytes: sliceBytes * shape[2], parts, warnings };
}

const inFile = <T>(result: Result<T>, file: string): Result<T> =>
  result.ok ? result : fail(...result.faults.map((fault): Fault => ({ ...fault, file })));
