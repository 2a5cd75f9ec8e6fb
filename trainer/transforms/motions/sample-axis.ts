import type { PaddingMode } from '../applied-transform.ts';

/** Where along an axis of `size` voxels a coordinate is read: `zeros` leaves it where it is, maybe outside. */
export function foldCoordinate(
  coordinate: number,
  size: number,
  paddingMode: PaddingMode,
  alignCorners: boolean,
): number {
  if (paddingMode === 'zeros') return coordinate;
  const folded = paddingMode === 'border' ? coordinate : reflect(coordinate, size, alignCorners);
  return Math.min(size - 1, Math.max(0, folded));
}

/** Mirrors at the outer voxels (aligned corners) or at their faces, as often as needed. */
function reflect(coordinate: number, size: number, alignCorners: boolean): number {
  const low = alignCorners ? 0 : -0.5;
  const span = alignCorners ? size - 1 : size;
  if (span === 0) return 0;
  const distance = Math.abs(coordinate - low);
  const rest = distance % span;
  return Math.floor(distance / span) % 2 === 0 ? rest + low : span - rest + low;
}

/** The whole number nearest to a value; of two equally near ones the even one, as C's `nearbyint` rounds. */
export function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest < 0.5) return below;
  return rest > 0.5 || below % 2 !== 0 ? below + 1 : below;
}

/** How an axis is resampled: coordinate of output index k is `step * k + offset`, in input voxels. */
export interface AxisSampling {
  readonly step: number;
  readonly offset: number;
  readonly inSize: number;
  readonly outSize: number;
  readonly paddingMode: PaddingMode;
  readonly alignCorners: boolean;
}

const coordinateAt = (sampling: AxisSampling, index: number): number =>
  foldCoordinate(
    sampling.step * index + sampling.offset,
    sampling.inSize,
    sampling.paddingMode,
    sampling.alignCorners,
  );

/** The nearest input index per output index; -1 outside of the image. */
export function sampleNearest(sampling: AxisSampling): Int32Array {
  return Int32Array.from({ length: sampling.outSize }, (_, index) => {
    const nearest = roundHalfToEven(coordinateAt(sampling, index));
    return nearest >= 0 && nearest < sampling.inSize ? nearest : -1;
  });
}

/** The two neighbours of every output index and their weights; a neighbour outside of the image weighs nothing. */
export interface AxisTaps {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly lowerWeight: Float64Array;
  readonly upperWeight: Float64Array;
}

export function sampleLinear(sampling: AxisSampling): AxisTaps {
  const { inSize, outSize } = sampling;
  const taps: AxisTaps = {
    lower: new Int32Array(outSize),
    upper: new Int32Array(outSize),
    lowerWeight: new Float64Array(outSize),
    upperWeight: new Float64Array(outSize),
  };
  const isInside = (index: number): boolean => index >= 0 && index < inSize;
  for (let index = 0; index < outSize; index++) {
    const coordinate = coordinateAt(sampling, index);
    const below = Math.floor(coordinate);
    const above = below + 1;
    if (isInside(below)) {
      taps.lower[index] = below;
      taps.lowerWeight[index] = above - coordinate;
    }
    if (isInside(above)) {
      taps.upper[index] = above;
      taps.upperWeight[index] = coordinate - below;
    }
  }
  return taps;
}
