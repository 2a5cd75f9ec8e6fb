import type { SearchSpace, SearchValues } from '../../../../common/search-space/search-space.ts';
import { isNumeric, unitOf } from '../../../../common/search-space/unit-cube.ts';

/** A point as numbers, one per parameter: its place in the unit interval, the index of a choice, or {@link INACTIVE}. */
export type PointCode = Float64Array;

/** Stands for a parameter that is not active; no place or index is negative. */
const INACTIVE = -1;

/** Turns points of a space into codes, and says how far two codes are apart in one parameter. */
export interface PointCoder {
  readonly dimensions: number;
  encode(values: SearchValues): PointCode;
  /**
   * 0 to 1: the squared distance of numbers; 1 for different choices; 1 when only one point has the parameter, 0 when
   * none has, so that points of different branches are compared by what they share.
   */
  squaredDistance(a: PointCode, b: PointCode, dimension: number): number;
}

export function makePointCoder({ parameters }: SearchSpace): PointCoder {
  const numeric = parameters.map(isNumeric);
  return {
    dimensions: parameters.length,
    encode: (values) =>
      Float64Array.from(parameters, (parameter) => {
        const value = values[parameter.prl];
        if (value === undefined) return INACTIVE;
        return isNumeric(parameter) ? unitOf(parameter, value) : value;
      }),
    squaredDistance(a, b, dimension) {
      const left = a[dimension]!;
      const right = b[dimension]!;
      if (left === right) return 0;
      if (left === INACTIVE || right === INACTIVE || !numeric[dimension]) return 1;
      return (left - right) ** 2;
    },
  };
}
