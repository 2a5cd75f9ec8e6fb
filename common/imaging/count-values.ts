import type { VoxelArray } from './voxel-array.ts';

/** Most labels that an image is taken to have. */
const MOST_PRESENT = 64;

/** Counts of values: bin i holds those from `min + i * width` on. */
export interface CountTable {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly whole: boolean;
  readonly present: number[];
  readonly notFinite: number;
  readonly width: number;
  /** Every bin is one whole number. */
  readonly isCounted: boolean;
  readonly counts: Uint32Array;
  readonly total: number;
}

/** Types of whole numbers that are counted one by one. */
export type WholeType = 'uint8' | 'int16' | 'uint16';

export const typeOfWhole = (voxels: Exclude<VoxelArray, Float32Array>): WholeType =>
  voxels instanceof Uint8Array ? 'uint8' : voxels instanceof Int16Array ? 'int16' : 'uint16';

/** Counts whole numbers of up to 16 bits one by one, also those of an image that comes in pieces. */
export class WholeCounter {
  readonly #type: WholeType;
  readonly #counts: Uint32Array;
  #total = 0;

  constructor(type: WholeType) {
    this.#type = type;
    this.#counts = new Uint32Array(type === 'uint8' ? 256 : 65536);
  }

  add(voxels: Exclude<VoxelArray, Float32Array>): void {
    this.#total += voxels.length;
    if (voxels instanceof Uint8Array) countBytes(voxels, this.#counts);
    else countShorts(voxels, this.#counts);
  }

  table(): CountTable {
    const lowest = this.#type === 'int16' ? -32768 : 0;
    let first = this.#counts.findIndex((count) => count > 0);
    if (first === -1) first = -lowest;
    const last = Math.max(
      first,
      this.#counts.findLastIndex((count) => count > 0),
    );
    const counts = this.#counts.subarray(first, last + 1);
    let sum = 0;
    const present: number[] = [];
    counts.forEach((count, at) => {
      const value = first + lowest + at;
      sum += count * value;
      if (count > 0 && value >= 0 && value <= 255) present.push(value);
    });
    const isLabelLike = first + lowest >= 0 && last + lowest <= 255 && present.length <= MOST_PRESENT;
    return {
      min: first + lowest,
      max: last + lowest,
      mean: this.#total === 0 ? 0 : sum / this.#total,
      whole: true,
      present: isLabelLike ? present : [],
      notFinite: 0,
      width: 1,
      isCounted: true,
      counts,
      total: this.#total,
    };
  }
}

function countBytes(bytes: Uint8Array, counts: Uint32Array): void {
  for (let index = 0; index < bytes.length; index++) counts[bytes[index]!]!++;
}

/** Signed numbers are counted as unsigned ones with their first bit turned, so that one loop sees one type. */
function countShorts(voxels: Int16Array | Uint16Array, counts: Uint32Array): void {
  const { buffer, byteOffset, length } = voxels;
  const shorts = new Uint16Array(buffer, byteOffset, length);
  const turned = voxels instanceof Int16Array ? 0x8000 : 0;
  for (let index = 0; index < length; index++) counts[shorts[index]! ^ turned]!++;
}

const FLOAT_BINS = 4096;

/** Counts floats in 4096 bins over their whole range; those that are not finite are counted apart. */
export function binFloats(voxels: Float32Array): CountTable {
  const { min, max, sum, whole, notFinite } = findRange(voxels);
  const total = voxels.length - notFinite;
  if (total === 0) return { ...emptyTable, notFinite };
  const counts = new Uint32Array(FLOAT_BINS);
  const perValue = max > min ? FLOAT_BINS / (max - min) : 0;
  const present = new Set<number>();
  const seeksLabels = whole && min >= 0 && max <= 255;
  for (let index = 0; index < voxels.length; index++) {
    const value = voxels[index]!;
    if (value - value !== 0) continue;
    const bin = ((value - min) * perValue) | 0;
    counts[bin < FLOAT_BINS ? bin : FLOAT_BINS - 1]!++;
    if (seeksLabels) present.add(value);
  }
  return {
    min,
    max,
    mean: sum / total,
    whole,
    present: present.size > MOST_PRESENT ? [] : [...present].sort((a, b) => a - b),
    notFinite,
    width: (max - min) / FLOAT_BINS,
    isCounted: false,
    counts,
    total,
  };
}

const emptyTable: CountTable = {
  min: 0,
  max: 0,
  mean: 0,
  whole: false,
  present: [],
  notFinite: 0,
  width: 0,
  isCounted: false,
  counts: new Uint32Array(1),
  total: 0,
};

function findRange(voxels: Float32Array) {
  let [min, max, sum, notFinite] = [Infinity, -Infinity, 0, 0];
  let whole = true;
  for (let index = 0; index < voxels.length; index++) {
    const value = voxels[index]!;
    if (value - value !== 0) {
      notFinite++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    if (whole && value !== Math.trunc(value)) whole = false;
  }
  return { min, max, sum, whole, notFinite };
}
