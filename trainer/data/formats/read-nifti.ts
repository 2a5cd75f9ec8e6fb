import { FaultError, type Result } from '../../../common/fault.ts';
import { toRowMajor } from '../../../common/imaging/axis-order.ts';
import { repairedAffineOf } from '../../../common/imaging/nifti-affine.ts';
import { parseNiftiHeader, type NiftiHeader } from '../../../common/imaging/nifti-header.ts';
import { readVoxels } from '../../../common/imaging/nifti-voxels.ts';
import type { LoadedImage } from '../loaded-image.ts';
import { createTensor } from '../tensor.ts';
import { inflate, isGzip, readBytes } from './read-bytes.ts';

/**
 * Reads a NIfTI image, one file or a pair: slope and intercept applied, nibabel's affine after MONAI's repair.
 *
 * @param file the file that was asked for
 * @param headerFile the file with the header: the same one, or the .hdr of a pair
 * @param content of the header file, uncompressed
 */
export function readNifti(file: string, headerFile: string, content: Uint8Array): LoadedImage {
  const header = expect(parseNiftiHeader(content), headerFile);
  const values = expect(readVoxels(header, openVoxels(header, headerFile, content)), file);
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

/** The uncompressed bytes that the header's voxel offset counts in. */
function openVoxels(header: NiftiHeader, headerFile: string, content: Uint8Array): Uint8Array {
  if (header.singleFile) return content;
  const voxelFile = headerFile.replace(/\.hdr(\.gz)?$/i, '.img$1');
  const bytes = readBytes(voxelFile);
  // NIfTI knows gzip alone: voxels may begin as zlib's data do
  return isGzip(bytes) ? inflate(bytes, voxelFile) : bytes;
}

function expect<T>(result: Result<T>, file: string): T {
  if (result.ok) return result.value;
  throw new FaultError(...result.faults.map((fault) => ({ ...fault, file })));
}
