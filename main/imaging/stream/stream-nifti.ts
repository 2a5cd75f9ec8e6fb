import { FaultError, unwrap } from '../../../common/fault.ts';
import { repairedAffineOf } from '../../../common/imaging/nifti-affine.ts';
import { voxelTypes } from '../../../common/imaging/nifti-datatype.ts';
import { parseNiftiHeader, type NiftiHeader } from '../../../common/imaging/nifti-header.ts';
import { countVoxels } from '../../../common/imaging/nifti-voxels.ts';
import type { WholeType } from '../../../common/imaging/count-values.ts';
import { refuseLarge } from '../../../common/imaging/refuse-large.ts';
import type { StoredForm } from '../../../common/imaging/stored-image.ts';
import { describeNifti } from '../formats/read-nifti.ts';
import type { Volume } from '../make-volume.ts';
import { inflateHead, isGzip } from '../read-bytes.ts';
import type { VolumeSource } from '../volume-source.ts';
import { beginPlanes, type ReadingListener } from './advance-planes.ts';
import { ContentEnded, cutPlanes } from './cut-planes.ts';
import { readContent } from './read-content.ts';

/** What can be read plane by plane. */
interface Streamable {
  readonly header: NiftiHeader;
  readonly form: StoredForm;
  readonly voxelType: WholeType;
}

/**
 * Reads a NIfTI file so that its voxels can be handed on while they come; undefined for one that has to be read whole: of two
 * files, of other types than whole numbers of up to 16 bits, big-endian, or with axes in another order.
 *
 * @param head the first bytes of the file as it is
 * @throws FaultError `image-unreadable`, `image-truncated`
 */
export async function streamNifti(
  head: Uint8Array,
  { file, name, channel }: VolumeSource,
  listener: ReadingListener,
): Promise<Volume | undefined> {
  const streamable = findStreamable(head, name);
  if (streamable === undefined) return undefined;
  const { header, form, voxelType } = streamable;
  refuseLarge(countVoxels(header), header.voxelType, name);
  const planes = beginPlanes(form, voxelType, { channel, name }, listener);
  if (planes === undefined) return undefined;
  const { shape } = form.grid;
  const planeBytes = shape[0] * shape[1] * voxelTypes[voxelType].bytes;
  const offset = header.voxelOffset + channel * shape[2] * planeBytes;
  try {
    const content = readContent(file, isGzip(head), name);
    for await (const plane of cutPlanes(content, { offset, planeBytes, planes: shape[2] })) planes.add(plane);
  } catch (error) {
    throw error instanceof ContentEnded ? asTruncated(header, error.contentBytes, name) : error;
  }
  return planes.finish();
}

function findStreamable(head: Uint8Array, name: string): Streamable | undefined {
  const parsed = parseNiftiHeader(inflateHead(head, name));
  if (!parsed.ok) return undefined;
  const header = parsed.value;
  const { voxelType } = header;
  const isWhole = voxelType === 'uint8' || voxelType === 'int16' || voxelType === 'uint16';
  const isInOrder = header.littleEndian || voxelTypes[voxelType].bytes === 1;
  if (!header.singleFile || !isWhole || !isInOrder) return undefined;
  const affine = repairedAffineOf(header);
  return affine.ok ? { header, form: describeNifti(header, unwrap(affine)), voxelType } : undefined;
}

function asTruncated(header: NiftiHeader, contentBytes: number, name: string): FaultError {
  const { voxelType, voxelOffset } = header;
  const count = countVoxels(header);
  const end = voxelOffset + count * voxelTypes[voxelType].bytes;
  return new FaultError({
    code: 'image-truncated',
    file: name,
    message: `${count} voxels of ${voxelType} from byte ${voxelOffset} end at byte ${end}, but there are only ${contentBytes} bytes.`,
  });
}
