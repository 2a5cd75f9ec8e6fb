import { FaultError } from '../../fault.ts';
import { composeAffine, type Vector3 } from '../affine.ts';
import type { Grid } from '../canonical-grid.ts';
import type { NumberArray } from '../voxel-array.ts';
import type { DecodedPixels } from './native-pixels.ts';
import type { SliceHeader } from './slice-header.ts';

/** An image as ITK's WebAssembly packages give it, LPS. */
export interface ItkImage {
  readonly imageType: { readonly components: number };
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  readonly origin: readonly number[];
  readonly direction: ArrayLike<number>;
  readonly data: ArrayBufferView | null;
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

const describeSyntax = (uid: string): string => {
  const name = syntaxes[uid];
  return name === undefined ? uid : `${name} (${uid})`;
};

/**
 * The pixels of slices that ITK decoded and rescaled, and where they are.
 *
 * @param image undefined where nothing could be decoded
 * @throws FaultError `image-unreadable`, which names the transfer syntax
 */
export function decodedSeries(
  image: ItkImage | undefined,
  slices: readonly SliceHeader[],
  name: string,
): DecodedPixels & { readonly grid: Grid } {
  if (image === undefined || image.data === null) throw refuse(slices, name, 'could not be decoded');
  const { components } = image.imageType;
  if (components !== 1) throw refuse(slices, name, `have ${components} colours per pixel`);
  const [x = 1, y = 1, z = 1] = image.size;
  const voxels = widen(image.data as NumberArray | BigInt64Array | BigUint64Array);
  if (voxels.length !== x * y * z) throw refuse(slices, name, 'are fewer than announced');
  const toRas = [-1, -1, 1];
  const rows = [0, 1, 2].flatMap((world) =>
    [0, 1, 2].map(
      (axis) => Number(image.direction[world * 3 + axis] ?? 0) * image.spacing[axis]! * toRas[world]!,
    ),
  );
  const place = [0, 1, 2].map((world) => image.origin[world]! * toRas[world]!) as unknown as Vector3;
  return { voxels, slope: 1, intercept: 0, grid: { shape: [x, y, z], affine: composeAffine(rows, place) } };
}

function refuse(slices: readonly SliceHeader[], name: string, reason: string): FaultError {
  return new FaultError({
    code: 'image-unreadable',
    file: name,
    message: `Pixels in the transfer syntax ${describeSyntax(slices[0]!.transferSyntax)} ${reason}.`,
    allowed: 'grey images, uncompressed or as JPEG, JPEG lossless, JPEG-LS, JPEG 2000 or RLE',
  });
}

const widen = (data: NumberArray | BigInt64Array | BigUint64Array): NumberArray =>
  data instanceof BigInt64Array || data instanceof BigUint64Array ? Float64Array.from(data, Number) : data;
