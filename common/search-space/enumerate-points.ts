import { isActive, type SearchParameter, type SearchSpace, type SearchValues } from './search-space.ts';

/** The values of a parameter to go through; undefined leaves the parameter out of the points. */
export type Levels = (parameter: SearchParameter) => readonly number[] | undefined;

/**
 * Every point of a space, conditions honoured, no point twice. The last parameter changes fastest.
 *
 * @param levels by default all values of enum, bool and int; floats are left out
 */
export function* enumeratePoints(
  { parameters }: SearchSpace,
  levels: Levels = discreteLevels,
): Generator<SearchValues> {
  yield* extend({}, 0);

  function* extend(values: SearchValues, depth: number): Generator<SearchValues> {
    const parameter = parameters[depth];
    if (parameter === undefined) {
      yield values;
      return;
    }
    const tried = isActive(parameter, values) ? levels(parameter) : undefined;
    if (tried === undefined) yield* extend(values, depth + 1);
    else for (const value of tried) yield* extend({ ...values, [parameter.prl]: value }, depth + 1);
  }
}

/** All values of an enum or bool (indices) or int; undefined for a float. */
export function discreteLevels(parameter: SearchParameter): readonly number[] | undefined {
  if (parameter.type === 'float') return undefined;
  if (parameter.type !== 'int') return parameter.choices.map((_, index) => index);
  const count = countLevels(parameter);
  return Array.from({ length: count }, (_, index) => parameter.min + index * parameter.step);
}

/** How many values an enum, bool or int has; Infinity for a float. */
export function countLevels(parameter: SearchParameter): number {
  if (parameter.type === 'float') return Number.POSITIVE_INFINITY;
  if (parameter.type !== 'int') return parameter.choices.length;
  return Math.floor((parameter.max - parameter.min) / parameter.step) + 1;
}
