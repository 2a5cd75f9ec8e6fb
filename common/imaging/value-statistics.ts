import { z } from 'zod';
import type { VoxelArray } from './voxel-array.ts';

/** What the values of an image are like, in the units of the image. */
export const valueStatistics = z.object({
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  low: z.number().describe('half a per cent of the values lie below'),
  high: z.number().describe('half a per cent of the values lie above'),
  whole: z.boolean().describe('every value is a whole number'),
  present: z.array(z.number()).describe('the whole numbers that occur, where they are 0 to 255 and few'),
  notFinite: z.int().describe('values that are NaN or infinite, and count nowhere else'),
  histogram: z.object({ from: z.number(), to: z.number(), counts: z.array(z.int()) }),
});

export type ValueStatistics = z.output<typeof valueStatistics>;

export interface Scaling {
  readonly slope: number;
  readonly intercept: number;
}

const BINS = 256;
const MOST_PRESENT = 64;
const OUTSIDE = 0.005;

/**
 * Looks at every value once. Whole numbers of up to 16 bits are counted one by one, so their percentiles are exact; those
 * of float32 come from a histogram of 4096 bins.
 */
export function measureValues(
  voxels: VoxelArray,
  { slope, intercept }: Scaling = { slope: 1, intercept: 0 },
): ValueStatistics {
  const table = voxels instanceof Float32Array ? binFloats(voxels) : countWhole(voxels);
  const scaled = (value: number): number => value * slope + intercept;
  const [min, max, low, high] = [table.min, table.max, ...findPercentiles(table)].map(scaled) as [
    number,
    number,
    number,
    number,
  ];
  const isRescaled = slope !== 1 || intercept !== 0;
  const whole = table.whole && (!isRescaled || (Number.isInteger(slope) && Number.isInteger(intercept)));
  return {
    min: Math.min(min, max),
    max: Math.max(min, max),
    mean: scaled(table.mean),
    low: Math.min(low, high),
    high: Math.max(low, high),
    whole,
    present: whole && !isRescaled ? table.present : [],
    notFinite: table.notFinite,
    histogram: drawHistogram(table, scaled, slope < 0),
  };
}

/** Counts of values: bin i holds those from `min + i * width` on. */
interface CountTable {
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

function countWhole(voxels: Exclude<VoxelArray, Float32Array>): CountTable {
  const lowest = voxels instanceof Int16Array ? -32768 : 0;
  const table = voxels instanceof Uint8Array ? countBytes(voxels) : countShorts(voxels);
  let first = table.findIndex((count) => count > 0);
  if (first === -1) first = -lowest;
  const last = Math.max(
    first,
    table.findLastIndex((count) => count > 0),
  );
  const counts = table.subarray(first, last + 1);
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
    mean: voxels.length === 0 ? 0 : sum / voxels.length,
    whole: true,
    present: isLabelLike ? present : [],
    notFinite: 0,
    width: 1,
    isCounted: true,
    counts,
    total: voxels.length,
  };
}

function countBytes(bytes: Uint8Array): Uint32Array {
  const table = new Uint32Array(256);
  for (let index = 0; index < bytes.length; index++) table[bytes[index]!]!++;
  return table;
}

/** Signed numbers are counted as unsigned ones with their first bit turned, so that one loop sees one type. */
function countShorts(voxels: Int16Array | Uint16Array): Uint32Array {
  const { buffer, byteOffset, length } = voxels;
  const shorts = new Uint16Array(buffer, byteOffset, length);
  const turned = voxels instanceof Int16Array ? 0x8000 : 0;
  const table = new Uint32Array(65536);
  for (let index = 0; index < length; index++) table[shorts[index]! ^ turned]!++;
  return table;
}

const FLOAT_BINS = 4096;

function binFloats(voxels: Float32Array): CountTable {
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

/** The values that half a per cent lies below and above. */
function findPercentiles({ counts, total, min, max, width, isCounted }: CountTable): readonly number[] {
  const outside = total * OUTSIDE;
  const [first, last] = [findBin(counts, outside, 1), findBin(counts, outside, -1)];
  // A bin of floats reaches up to where the next one begins.
  return [min + first * width, Math.min(max, min + (isCounted ? last : last + 1) * width)];
}

/** The first bin, from either end, up to which more than `outside` values were seen. */
function findBin(counts: Uint32Array, outside: number, step: 1 | -1): number {
  let seen = 0;
  let at = step === 1 ? 0 : counts.length - 1;
  while ((seen += counts[at]!) <= outside && at + step >= 0 && at + step < counts.length) at += step;
  return at;
}

function drawHistogram(
  { counts, min, max, isCounted }: CountTable,
  scaled: (value: number) => number,
  isMirrored: boolean,
): ValueStatistics['histogram'] {
  const perBin = Math.max(1, Math.ceil(counts.length / BINS));
  const bins = Array.from({ length: Math.ceil(counts.length / perBin) }, (_, bin) =>
    counts.subarray(bin * perBin, (bin + 1) * perBin).reduce((sum, count) => sum + count, 0),
  );
  const [from, to] = [scaled(min), scaled(isCounted ? min + bins.length * perBin : max)];
  return isMirrored ? { from: to, to: from, counts: bins.reverse() } : { from, to, counts: bins };
}
