import { countLevels, discreteLevels } from './enumerate-points.ts';
import {
  isActive,
  type Prl,
  type SearchParameter,
  type SearchSpace,
  type SearchValues,
} from './search-space.ts';

/** How large a space is. Conditions are honoured: what is not active does not multiply. */
export interface Combinations {
  /**
   * Combinations of enum and bool choices, Clara's grid; 1 when there are none. An int counts once, or, where
   * others depend on it, once for every set of its values that switches the same.
   */
  readonly enumPoints: number;
  /** The same with every value of every int. Exact up to 2^53. */
  readonly discretePoints: number;
  /** Number of int and of float parameters, whether or not always active. */
  readonly ints: number;
  readonly floats: number;
  /** The number of different jobs; null when floats make it endless. */
  readonly jobs: number | null;
}

export function countCombinations({ parameters }: SearchSpace): Combinations {
  const floats = parameters.filter(({ type }) => type === 'float').length;
  const discretePoints = countPoints(parameters, true);
  return {
    enumPoints: countPoints(parameters, false),
    discretePoints,
    ints: parameters.filter(({ type }) => type === 'int').length,
    floats,
    jobs: floats === 0 ? discretePoints : null,
  };
}

/** Values of a parameter that switch the same others: one of them stands for all. */
interface ValueClass {
  readonly value: number;
  readonly size: number;
}

/** Parameters that do not depend on each other multiply, so each family of dependent ones is counted by itself. */
function countPoints(parameters: readonly SearchParameter[], countInts: boolean): number {
  const parents = new Set(parameters.flatMap(({ conditions }) => conditions.map(({ parent }) => parent)));
  return splitFamilies(parameters).reduce((product, family) => product * countFamily(family), 1);

  function countFamily(family: readonly SearchParameter[]): number {
    return extend({}, 0);

    function extend(values: SearchValues, depth: number): number {
      const parameter = family[depth];
      if (parameter === undefined) return 1;
      if (!isActive(parameter, values)) return extend(values, depth + 1);
      if (!parents.has(parameter.prl))
        return weigh(parameter, countLevels(parameter)) * extend(values, depth + 1);
      return classesOf(parameter, family).reduce(
        (sum, { value, size }) =>
          sum + weigh(parameter, size) * extend({ ...values, [parameter.prl]: value }, depth + 1),
        0,
      );
    }
  }

  function weigh({ type }: SearchParameter, size: number): number {
    return type === 'float' || (type === 'int' && !countInts) ? 1 : size;
  }
}

/** Groups parameters that conditions connect; parents stay before the parameters that depend on them. */
function splitFamilies(parameters: readonly SearchParameter[]): readonly (readonly SearchParameter[])[] {
  const familyOf = new Map<Prl, SearchParameter[]>();
  for (const parameter of parameters) {
    const joined = new Set(parameter.conditions.map(({ parent }) => familyOf.get(parent) ?? []));
    const family = [...[...joined].flat(), parameter];
    for (const { prl } of family) familyOf.set(prl, family);
  }
  return [...new Set(familyOf.values())];
}

function classesOf(parameter: SearchParameter, family: readonly SearchParameter[]): readonly ValueClass[] {
  const sets = family
    .flatMap(({ conditions }) => conditions)
    .filter(({ parent }) => parent === parameter.prl)
    .map(({ values }) => new Set(values));
  const bySwitching = Map.groupBy(discreteLevels(parameter) ?? [], (value) =>
    sets.map((set) => (set.has(value) ? '1' : '0')).join(''),
  );
  return [...bySwitching.values()].map((values) => ({ value: values[0]!, size: values.length }));
}
