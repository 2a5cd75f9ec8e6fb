import { fail, succeed, type Result } from '../fault.ts';
import type { Vector3 } from './affine.ts';
import { describeVoxelTypeCode, voxelTypeOf, voxelTypes, type VoxelType } from './nifti-datatype.ts';
import { nifti1Layout, nifti2Layout, readFields, type RawHeader } from './nifti-layout.ts';

/** What a NIfTI file says about its voxels, with the harmless slips of writers mended as nibabel mends them. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** Header and voxels in one file (.nii); otherwise the voxels are in an .img file beside the .hdr. */
  readonly singleFile: boolean;
  /** Sizes along x, y, z, t ...; between one and seven. */
  readonly shape: readonly number[];
  readonly voxelType: VoxelType;
  /** Byte position of the first voxel in the file that holds the voxels. */
  readonly voxelOffset: number;
  /** value = stored * slope + intercept; 1 and 0 when the file asks for no scaling. */
  readonly slope: number;
  readonly intercept: number;
  /** Voxel sizes along each axis of `shape`, as the header has them. */
  readonly pixdim: readonly number[];
  /** 1 or -1: whether the qform mirrors the third axis. */
  readonly qfac: 1 | -1;
  readonly qformCode: number;
  readonly sformCode: number;
  /** The b, c and d of the qform's quaternion. */
  readonly quaternion: Vector3;
  readonly qformOffset: Vector3;
  /** The three rows of the sform. */
  readonly sformRows: readonly number[];
  readonly description: string;
}

const LARGEST_FORM_CODE = 5;

/**
 * Reads the header of a NIfTI-1 or NIfTI-2 file of either byte order, from the (uncompressed) start of a .nii or .hdr file.
 * Faults: `image-unreadable` for anything that is not NIfTI or holds voxels of an unsupported type, `image-truncated` for a
 * file that ends inside the header. They name no file: the caller knows it.
 */
export function parseNiftiHeader(bytes: Uint8Array): Result<NiftiHeader> {
  const found = findLayout(bytes);
  if (!found.ok) return found;
  const { layout, littleEndian } = found.value;
  if (bytes.length < layout.headerBytes) {
    return fail({
      code: 'image-truncated',
      message: `The NIfTI-${layout.version} header has ${layout.headerBytes} bytes, the file only ${bytes.length}.`,
    });
  }
  const raw = readFields(bytes, layout, littleEndian);
  const singleFile = raw.magic.startsWith('n+');
  if (!singleFile && !raw.magic.startsWith('ni')) return fail(notNifti('its magic string is missing'));
  return completeHeader(raw, { version: layout.version, littleEndian, singleFile });
}

type HeaderStart = Pick<NiftiHeader, 'version' | 'littleEndian' | 'singleFile'>;

function completeHeader(raw: RawHeader, start: HeaderStart): Result<NiftiHeader> {
  const rank = raw.dim[0]!;
  const shape = raw.dim.slice(1, rank + 1);
  if (rank < 1 || rank > 7 || shape.some((size) => size < 1)) {
    return fail({
      code: 'image-unreadable',
      message: `The header gives the sizes [${raw.dim.join(', ')}].`,
      allowed: 'the number of axes (1 to 7) and then sizes of at least 1',
    });
  }
  const voxelType = voxelTypeOf(raw.datatype);
  if (voxelType === undefined) {
    return fail({
      code: 'image-unreadable',
      message: `Voxels of type ${describeVoxelTypeCode(raw.datatype)} cannot be read.`,
      allowed: Object.keys(voxelTypes).join(', '),
    });
  }
  const offset = findVoxelOffset(raw, start);
  if (!offset.ok) return offset;
  const scaling = findScaling(raw);
  if (!scaling.ok) return scaling;
  return succeed({
    ...start,
    shape,
    voxelType,
    voxelOffset: offset.value,
    ...scaling.value,
    pixdim: raw.pixdim.slice(1, rank + 1).map((size, axis) => (axis < 3 ? mendVoxelSize(size) : size)),
    qfac: raw.pixdim[0] === -1 ? -1 : 1,
    qformCode: mendFormCode(raw.qformCode),
    sformCode: mendFormCode(raw.sformCode),
    quaternion: raw.quaternion,
    qformOffset: raw.qformOffset,
    sformRows: raw.sformRows,
    description: raw.description,
  });
}

/** The layout that the first field, the header's own size, announces; it also tells the byte order. */
function findLayout(
  bytes: Uint8Array,
): Result<{ layout: typeof nifti1Layout | typeof nifti2Layout; littleEndian: boolean }> {
  if (bytes.length < 4) return fail(notNifti(`it has ${bytes.length} bytes`));
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  for (const layout of [nifti1Layout, nifti2Layout]) {
    for (const littleEndian of [true, false]) {
      if (view.getInt32(0, littleEndian) === layout.headerBytes) return succeed({ layout, littleEndian });
    }
  }
  return fail(notNifti('it does not begin with the size of a NIfTI header'));
}

function notNifti(reason: string) {
  return {
    code: 'image-unreadable' as const,
    message: `This is not a NIfTI file: ${reason}.`,
    allowed: 'NIfTI-1 or NIfTI-2, as .nii, .nii.gz or .hdr with .img',
  };
}

function findVoxelOffset(raw: RawHeader, { version, singleFile }: HeaderStart): Result<number> {
  const first = version === 1 ? 352 : 544;
  if (!singleFile) return succeed(raw.voxelOffset);
  if (raw.voxelOffset === 0) return succeed(first);
  if (raw.voxelOffset >= first && Number.isFinite(raw.voxelOffset))
    return succeed(Math.trunc(raw.voxelOffset));
  return fail({
    code: 'image-unreadable',
    message: `The header puts the voxels at byte ${raw.voxelOffset}, inside itself.`,
    allowed: `0 or at least ${first}`,
  });
}

/** A slope of 0, NaN or infinity asks for no scaling. */
function findScaling(raw: RawHeader): Result<{ slope: number; intercept: number }> {
  if (raw.slope === 0 || !Number.isFinite(raw.slope)) return succeed({ slope: 1, intercept: 0 });
  if (Number.isFinite(raw.intercept)) return succeed({ slope: raw.slope, intercept: raw.intercept });
  return fail({
    code: 'image-unreadable',
    message: `The header has the slope ${raw.slope} but no valid intercept (scl_inter).`,
    allowed: 'a finite scl_inter, or scl_slope 0 for no scaling',
  });
}

const mendVoxelSize = (size: number): number => (size === 0 ? 1 : Math.abs(size));

const mendFormCode = (code: number): number => (code >= 0 && code <= LARGEST_FORM_CODE ? code : 0);
