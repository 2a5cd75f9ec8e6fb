import { FaultError } from '../../fault.ts';
import type { WholeType } from '../count-values.ts';
import { createVoxels, type NumberArray } from '../voxel-array.ts';
import type { SliceHeader } from './slice-header.ts';

/** Voxels and how they become values. */
export interface DecodedPixels {
  readonly voxels: NumberArray;
  readonly slope: number;
  readonly intercept: number;
}

/** All bytes of a file, absolute path; `name` is what faults call it. */
export type ReadFile = (file: string, name: string) => Uint8Array;

/** Whether {@link readNativePixels} can read a slice: little-endian grey pixels of 8 or 16 bits, one frame. */
export const canReadNative = (slice: SliceHeader): boolean =>
  slice.isNative &&
  slice.frames === 1 &&
  slice.samplesPerPixel === 1 &&
  (slice.bitsAllocated === 8 || slice.bitsAllocated === 16);

/**
 * The pixels of slices that are not compressed, one behind the other. Slices with scalings of their own (PET) become
 * float32. Fault `image-truncated` for a file that ends in its pixels.
 */
export function readNativePixels(
  slices: readonly SliceHeader[],
  name: string,
  readFile: ReadFile,
): DecodedPixels {
  const { rows, columns, slope, intercept } = slices[0]!;
  const perSlice = rows * columns;
  const isUniform = haveOneScaling(slices);
  const stored = storedTypeOf(slices[0]!);
  const voxels = createVoxels(isUniform ? stored : 'float32', perSlice * slices.length);
  slices.forEach((slice, index) => {
    const pixels = readSlicePixels(slice, index, name, readFile);
    const target = voxels.subarray(index * perSlice, (index + 1) * perSlice);
    if (isUniform) target.set(pixels);
    else pixels.forEach((value, at) => void (target[at] = value * slice.slope + slice.intercept));
  });
  return isUniform ? { voxels, slope, intercept } : { voxels, slope: 1, intercept: 0 };
}

/** The type that the voxels of a slice are kept in. */
export const storedTypeOf = ({ isSigned, bitsAllocated }: SliceHeader): WholeType =>
  isSigned ? 'int16' : bitsAllocated === 8 ? 'uint8' : 'uint16';

/** Whether all slices become values in the same way. */
export const haveOneScaling = (slices: readonly SliceHeader[]): boolean =>
  slices.every(({ slope, intercept }) => slope === slices[0]!.slope && intercept === slices[0]!.intercept);

/**
 * The pixels of one slice that is not compressed, in memory of their own.
 *
 * @param index of the slice, for messages
 */
export function readSlicePixels(
  slice: SliceHeader,
  index: number,
  name: string,
  readFile: ReadFile,
): NumberArray {
  const { bitsAllocated, bitsStored, isSigned, pixels } = slice;
  const count = slice.rows * slice.columns;
  const bytes = readFile(slice.file, name);
  const needed = (count * bitsAllocated) / 8;
  if (pixels === undefined || bytes.length < pixels.offset + needed) {
    throw new FaultError({
      code: 'image-truncated',
      file: name,
      message: `The file of slice ${index + 1} ends before its pixels do.`,
    });
  }
  const own = Uint8Array.prototype.slice.call(bytes, pixels.offset, pixels.offset + needed);
  const stored =
    bitsAllocated === 8
      ? isSigned
        ? new Int8Array(own.buffer)
        : own
      : isSigned
        ? new Int16Array(own.buffer)
        : new Uint16Array(own.buffer);
  return bitsStored < bitsAllocated ? dropHighBits(stored, bitsStored, isSigned) : stored;
}

/** Bits above those stored may hold anything (overlays of old scanners). */
function dropHighBits(stored: NumberArray, bitsStored: number, isSigned: boolean): NumberArray {
  const unused = 32 - bitsStored;
  for (let index = 0; index < stored.length; index++) {
    const shifted = stored[index]! << unused;
    stored[index] = isSigned ? shifted >> unused : shifted >>> unused;
  }
  return stored;
}
