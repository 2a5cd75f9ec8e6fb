import {
  isActive,
  type Prl,
  type SearchSpace,
  type SearchValues,
} from '../../../common/search-space/search-space.ts';

/** The values of each parameter, the first to be tried first. */
export type GridLevels = ReadonlyMap<Prl, readonly number[]>;

/**
 * Every point of the grid, breadth first: the point of all first levels, then those that are one level further in one
 * parameter, then those that are two levels further in all, and so on. Within such a shell the last parameter
 * changes fastest. Conditions are honoured; no point comes twice.
 */
export function* walkGrid({ parameters }: SearchSpace, levels: GridLevels): Generator<SearchValues> {
  const furthest = parameters.reduce((sum, { prl }) => sum + levels.get(prl)!.length - 1, 0);
  // What the parameters from each one on can add at most: shells that cannot be filled are left early.
  const reach = parameters.map((_, start) =>
    parameters.slice(start).reduce((sum, { prl }) => sum + levels.get(prl)!.length - 1, 0),
  );
  for (let shell = 0; shell <= furthest; shell++) yield* extend({}, 0, shell);

  function* extend(values: SearchValues, depth: number, left: number): Generator<SearchValues> {
    const parameter = parameters[depth];
    if (parameter === undefined) {
      if (left === 0) yield values;
      return;
    }
    if (left > reach[depth]!) return;
    if (!isActive(parameter, values)) {
      yield* extend(values, depth + 1, left);
      return;
    }
    const own = levels.get(parameter.prl)!;
    for (let level = 0; level < own.length && level <= left; level++) {
      yield* extend({ ...values, [parameter.prl]: own[level]! }, depth + 1, left - level);
    }
  }
}
