import { FaultError, type Result } from '../../../common/fault.ts';
import type { Affine } from '../../../common/imaging/affine.ts';
import { repairedAffineOf } from '../../../common/imaging/nifti-affine.ts';
import { parseNiftiHeader, type NiftiHeader } from '../../../common/imaging/nifti-header.ts';
import { countVoxels } from '../../../common/imaging/nifti-voxels.ts';
import { inflate, isGzip, readBytes } from '../read-bytes.ts';
import { refuseLarge } from '../../../common/imaging/refuse-large.ts';
import type { StoredForm, StoredImage } from '../../../common/imaging/stored-image.ts';
import { viewStored } from '../../../common/imaging/view-stored.ts';

/**
 * Reads a NIfTI image, of one file or of a pair; the affine is the one that the trainer's LoadImaged gives it.
 *
 * @param bytes the file as it is, perhaps compressed
 * @throws FaultError `image-unreadable`, `image-truncated`, `image-missing` (the other file of a pair)
 */
export function readNifti(bytes: Uint8Array, file: string, name: string): StoredImage {
  const content = inflate(bytes, name);
  const header = expect(parseNiftiHeader(content), name);
  const affine = expect(repairedAffineOf(header), name);
  const count = countVoxels(header);
  refuseLarge(count, header.voxelType, name);
  const toPair = (path: string): string => path.replace(/\.(?:hdr|img)(\.gz)?$/i, '.img$1');
  const voxelBytes = header.singleFile ? content : readVoxelFile(toPair(file), toPair(name));
  const { voxelType, littleEndian, voxelOffset: offset } = header;
  return {
    ...describeNifti(header, affine),
    voxels: viewStored(voxelBytes, { voxelType, littleEndian, count, offset }, name),
  };
}

/** NIfTI knows gzip alone: voxels may begin as zlib's data do. */
function readVoxelFile(file: string, name: string): Uint8Array {
  const bytes = readBytes(file, name);
  return isGzip(bytes) ? inflate(bytes, name) : bytes;
}

/** Everything but the voxels. */
export function describeNifti(header: NiftiHeader, affine: Affine): StoredForm {
  const [x = 1, y = 1, z = 1, ...further] = header.shape;
  return {
    format: `NIfTI-${header.version}`,
    grid: { shape: [x, y, z], affine },
    spatialRank: header.shape.length <= 2 ? 2 : 3,
    voxelType: header.voxelType,
    channelCount: further.reduce((product, size) => product * size, 1),
    interleaved: false,
    slope: header.slope,
    intercept: header.intercept,
    inverted: false,
    warnings: [],
  };
}

function expect<T>(result: Result<T>, file: string): T {
  if (result.ok) return result.value;
  throw new FaultError(...result.faults.map((fault) => ({ ...fault, file })));
}
