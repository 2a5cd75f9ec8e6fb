import { fail, type Result } from '../fault.ts';
import type { Grid } from './canonical-grid.ts';
import type { VoxelType } from './nifti-datatype.ts';

/** What the text header of a raw format (NRRD, MetaImage) says. */
export interface RawImage {
  readonly format: 'NRRD' | 'MetaImage';
  readonly grid: Grid;
  /** Axes that are space: an image of 2 has a grid of one slice. */
  readonly spatialRank: 2 | 3;
  readonly voxelType: VoxelType;
  readonly littleEndian: boolean;
  readonly channelCount: number;
  /** Channels of one voxel stand side by side; otherwise one whole volume follows the other. */
  readonly interleaved: boolean;
  readonly compression: 'none' | 'deflate';
  /** The file with the voxels, relative to the header; undefined where they follow the header in its own file. */
  readonly dataFile?: string;
  /** Where the voxels (or what they are compressed to) begin; `end` where they are the last bytes of the file. */
  readonly dataOffset: number | 'end';
}

/** Most that the text of a header is looked for in. */
const HEADER_BYTES = 65536;

/** The beginning of a file as text, one character per byte. */
export function headerText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < Math.min(bytes.length, HEADER_BYTES); at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

/** A header line `key: value` or `key = value`, keys in lower case. */
export type HeaderFields = ReadonlyMap<string, string>;

/** The numbers of a header's value; undefined when one is no number, or there are not as many as wanted. */
export function readNumbers(text: string | undefined, count?: number): readonly number[] | undefined {
  if (text === undefined) return undefined;
  const numbers = text.trim().split(/\s+/).map(Number);
  const isRight = numbers.every(Number.isFinite) && (count === undefined || numbers.length === count);
  return isRight ? numbers : undefined;
}

/** The fault of a header that says something which cannot be right, or cannot be read here. */
export function unreadable(message: string, allowed?: string): Result<never> {
  return fail({ code: 'image-unreadable', message, ...(allowed === undefined ? {} : { allowed }) });
}

/** True for whole sizes of at least 1. */
export const areSizes = (sizes: readonly number[]): boolean =>
  sizes.every((size) => Number.isInteger(size) && size >= 1);
