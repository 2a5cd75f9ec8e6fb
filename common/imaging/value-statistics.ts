import { z } from 'zod';
import { binFloats, typeOfWhole, WholeCounter, type CountTable } from './count-values.ts';
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
const OUTSIDE = 0.005;

/**
 * Looks at every value once. Whole numbers of up to 16 bits are counted one by one, so their percentiles are exact; those
 * of float32 come from a histogram of 4096 bins.
 */
export function measureValues(
  voxels: VoxelArray,
  scaling: Scaling = { slope: 1, intercept: 0 },
): ValueStatistics {
  if (voxels instanceof Float32Array) return describeCounts(binFloats(voxels), scaling);
  const counter = new WholeCounter(typeOfWhole(voxels));
  counter.add(voxels);
  return describeCounts(counter.table(), scaling);
}

/** What the counts of an image's stored values say about it. */
export function describeCounts(table: CountTable, { slope, intercept }: Scaling): ValueStatistics {
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
