import type { Affine } from '../../../common/imaging/affine.ts';
import { countElements, createTensor, type Tensor } from '../../data/tensor.ts';
import { gatherAxes } from './gather.ts';
import { resampleOblique } from './resample-oblique.ts';
import type { Resampling } from './resampling.ts';
import { sampleLinear, sampleNearest, type AxisSampling, type AxisTaps } from './sample-axis.ts';

/** Voxels that slanted axes may miss a straight path by. */
const STRAIGHT_TOLERANCE = 1e-9;

/**
 * Pulls every output voxel from the input, computing in float64 and rounding to float32 once: trilinear, or the nearest voxel
 * with halves going to the even one. This is torch's `grid_sample` in voxel coordinates, where MONAI's normalising and
 * denormalising of the grid cancel.
 */
export function resample(tensor: Tensor, resampling: Resampling): Tensor {
  const rank = tensor.shape.length - 1;
  const volume = rank === 3 ? tensor : createTensor([...tensor.shape, ...padding(rank)], tensor.data);
  const shape = [...resampling.shape, ...padding(rank)];
  const sampled = resampleVolume(volume, { ...resampling, shape });
  return createTensor([tensor.shape[0], ...resampling.shape], sampled.data);
}

const padding = (rank: number): number[] => new Array<number>(3 - rank).fill(1);

function resampleVolume(volume: Tensor, resampling: Resampling): Tensor {
  const { indexMap, shape, mode, paddingMode, alignCorners } = resampling;
  if (!isStraight(indexMap, shape)) return resampleOblique(volume, resampling);
  const samplings = [0, 1, 2].map((axis): AxisSampling => ({
    step: indexMap[axis * 5],
    offset: indexMap[axis * 4 + 3],
    inSize: volume.shape[axis + 1],
    outSize: shape[axis],
    paddingMode,
    alignCorners,
  }));
  return mode === 'nearest'
    ? gatherAxes(volume, samplings.map(sampleNearest))
    : interpolateAxes(volume, samplings.map(sampleLinear));
}

/** True when each output axis runs along the input axis of the same number. */
function isStraight(indexMap: Affine, shape: readonly number[]): boolean {
  return [0, 1, 2].every((row) =>
    [0, 1, 2].every(
      (column) =>
        row === column || Math.abs(indexMap[row * 4 + column]) * shape[column] <= STRAIGHT_TOLERANCE,
    ),
  );
}

/** Trilinear along straight axes: four input rows are blended to one, which is then sampled along z. */
function interpolateAxes(volume: Tensor, [tapsX, tapsY, tapsZ]: readonly AxisTaps[]): Tensor {
  const [channels, sizeX, sizeY, sizeZ] = volume.shape;
  const shape = [channels, tapsX.lower.length, tapsY.lower.length, tapsZ.lower.length];
  const out = new Float32Array(countElements(shape));
  const row = new Float64Array(sizeZ);
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    const channelStart = channel * sizeX * sizeY * sizeZ;
    for (let x = 0; x < shape[1]; x++) {
      for (let y = 0; y < shape[2]; y++) {
        blendRows(volume, channelStart, tapsX, x, tapsY, y, row);
        sampleRow(row, tapsZ, out, to);
        to += shape[3];
      }
    }
  }
  return createTensor(shape, out);
}

function blendRows(
  { data, shape }: Tensor,
  channelStart: number,
  tapsX: AxisTaps,
  x: number,
  tapsY: AxisTaps,
  y: number,
  row: Float64Array,
): void {
  const [, , sizeY, sizeZ] = shape;
  const lowerX = channelStart + tapsX.lower[x] * sizeY * sizeZ;
  const upperX = channelStart + tapsX.upper[x] * sizeY * sizeZ;
  const lowerY = tapsY.lower[y] * sizeZ;
  const upperY = tapsY.upper[y] * sizeZ;
  const weight00 = tapsX.lowerWeight[x] * tapsY.lowerWeight[y];
  const weight01 = tapsX.lowerWeight[x] * tapsY.upperWeight[y];
  const weight10 = tapsX.upperWeight[x] * tapsY.lowerWeight[y];
  const weight11 = tapsX.upperWeight[x] * tapsY.upperWeight[y];
  for (let z = 0; z < sizeZ; z++) {
    row[z] =
      weight00 * data[lowerX + lowerY + z] +
      weight01 * data[lowerX + upperY + z] +
      weight10 * data[upperX + lowerY + z] +
      weight11 * data[upperX + upperY + z];
  }
}

function sampleRow(row: Float64Array, taps: AxisTaps, out: Float32Array, to: number): void {
  const { lower, upper, lowerWeight, upperWeight } = taps;
  for (let z = 0; z < lower.length; z++) {
    out[to + z] = lowerWeight[z] * row[lower[z]] + upperWeight[z] * row[upper[z]];
  }
}
