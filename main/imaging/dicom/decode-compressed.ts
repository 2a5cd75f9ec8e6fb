import { FaultError } from '../../../common/fault.ts';
import { composeAffine, type Affine, type Vector3 } from '../../../common/imaging/affine.ts';
import type { NumberArray } from '../../../common/imaging/voxel-array.ts';
import type { SliceHeader } from '../../../common/imaging/dicom/slice-header.ts';

/** What ITK makes of a series, rescaled already. */
export interface DecodedSeries {
  readonly voxels: NumberArray;
  /** Sizes along x, y and z. */
  readonly shape: readonly [number, number, number];
  readonly affine: Affine;
}

/** Names of compressions, for messages (PS3.6, annex A). */
const syntaxes: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.1.99': 'deflated',
  '1.2.840.10008.1.2.2': 'big endian',
  '1.2.840.10008.1.2.4.50': 'JPEG baseline',
  '1.2.840.10008.1.2.4.51': 'JPEG extended',
  '1.2.840.10008.1.2.4.57': 'JPEG lossless',
  '1.2.840.10008.1.2.4.70': 'JPEG lossless, first-order prediction',
  '1.2.840.10008.1.2.4.80': 'JPEG-LS lossless',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS near-lossless',
  '1.2.840.10008.1.2.4.90': 'JPEG 2000 lossless',
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
  '1.2.840.10008.1.2.4.201': 'High-Throughput JPEG 2000 lossless',
  '1.2.840.10008.1.2.5': 'RLE',
};

export const describeSyntax = (uid: string): string => {
  const name = syntaxes[uid];
  return name === undefined ? uid : `${name} (${uid})`;
};

/**
 * Decodes slices in the given order by ITK as WebAssembly, which runs in this thread and reads its program from the package
 * beside it, never from a network. Fault `image-unreadable` names the transfer syntax that failed.
 */
export async function decodeCompressed(slices: readonly SliceHeader[], name: string): Promise<DecodedSeries> {
  const { transferSyntax } = slices[0]!;
  const refuse = (reason: string): FaultError =>
    new FaultError({
      code: 'image-unreadable',
      file: name,
      message: `Pixels in the transfer syntax ${describeSyntax(transferSyntax)} ${reason}.`,
      allowed: 'grey images, uncompressed or as JPEG, JPEG lossless, JPEG-LS, JPEG 2000 or RLE',
    });
  const { readImageDicomFileSeriesNode } = await import('@itk-wasm/dicom');
  let image;
  try {
    const read = await readImageDicomFileSeriesNode({
      inputImages: slices.map(({ file }) => file),
      singleSortedSeries: true,
    });
    image = read.outputImage;
  } catch {
    throw refuse('could not be decoded');
  }
  const { data, size, spacing, origin, direction, imageType } = image ?? {};
  if (data === null || data === undefined || size === undefined || imageType === undefined) {
    throw refuse('could not be decoded');
  }
  if (imageType.components !== 1) throw refuse(`have ${imageType.components} colours per pixel`);
  const [x = 1, y = 1, z = 1] = size;
  const voxels = widen(data as NumberArray | BigInt64Array | BigUint64Array);
  if (voxels.length !== x * y * z) throw refuse('are fewer than announced');
  const toRas = [-1, -1, 1];
  const rows = [0, 1, 2].flatMap((world) =>
    [0, 1, 2].map((axis) => Number(direction?.[world * 3 + axis] ?? 0) * spacing![axis]! * toRas[world]!),
  );
  const place = [0, 1, 2].map((world) => origin![world]! * toRas[world]!) as unknown as Vector3;
  return { voxels, shape: [x, y, z], affine: composeAffine(rows, place) };
}

const widen = (data: NumberArray | BigInt64Array | BigUint64Array): NumberArray =>
  data instanceof BigInt64Array || data instanceof BigUint64Array ? Float64Array.from(data, Number) : data;
