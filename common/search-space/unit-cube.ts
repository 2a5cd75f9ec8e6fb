import { clampToRange } from './clamp-to-range.ts';
import type { FloatParameter, IntParameter, SearchParameter } from './search-space.ts';

/** A parameter whose values have an order and distances. */
export type NumericParameter = FloatParameter | IntParameter;

export const isNumeric = (parameter: SearchParameter): parameter is NumericParameter =>
  parameter.type === 'float' || parameter.type === 'int';

/**
 * The value at `unit` in [0, 1] of the parameter's range, on its log scale where it has one. The range of an int is half a
 * step wider at both ends, so that its ends are as likely as the values between (as in Optuna's transform).
 */
export function valueAt(parameter: NumericParameter, unit: number): number {
  const [low, high] = transformedRange(parameter);
  const transformed = low + Math.min(1, Math.max(0, unit)) * (high - low);
  const value = parameter.log ? Math.exp(transformed) : transformed;
  return clampToRange(parameter, value);
}

/** Where a value stands in its parameter's range: the inverse of {@link valueAt}, up to rounding. */
export function unitOf(parameter: NumericParameter, value: number): number {
  const [low, high] = transformedRange(parameter);
  if (high === low) return 0.5;
  const transformed = parameter.log ? Math.log(value) : value;
  return Math.min(1, Math.max(0, (transformed - low) / (high - low)));
}

/** The middle of the range, on its log scale where it has one. */
export const middleOf = (parameter: NumericParameter): number => valueAt(parameter, 0.5);

function transformedRange(parameter: NumericParameter): readonly [number, number] {
  const half = parameter.type === 'int' ? parameter.step / 2 : 0;
  if (!parameter.log) return [parameter.min - half, parameter.max + half];
  return [Math.log(Math.max(parameter.min - half, parameter.min / 2)), Math.log(parameter.max + half)];
}
