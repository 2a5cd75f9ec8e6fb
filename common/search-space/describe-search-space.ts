import type { Json } from '../json.ts';
import { countCombinations, type Combinations } from './count-combinations.ts';
import type { Choice, Prl, SearchParameter, SearchSpace } from './search-space.ts';

/** A parameter for people and programs: as in the space, with the condition also in the config's own terms. */
export type DescribedParameter = SearchParameter & {
  /** Active only while each of these has one of the values; absent when always active. */
  readonly when?: Readonly<Record<Prl, readonly (number | Choice)[]>>;
  /** What the config holds now, in its own terms. */
  readonly currentValue?: Json;
};

/** What `outerloop search-space --json` prints, and what a controller takes as `--search-space`. */
export interface SearchSpaceDescription {
  /** Version of this format. */
  readonly outerloop_search_space: 1;
  readonly parameters: readonly DescribedParameter[];
  readonly combinations: Combinations;
}

export function describeSearchSpace(space: SearchSpace): SearchSpaceDescription {
  return {
    outerloop_search_space: 1,
    parameters: space.parameters.map((parameter) => describeParameter(parameter, space)),
    combinations: countCombinations(space),
  };
}

function describeParameter(parameter: SearchParameter, space: SearchSpace): DescribedParameter {
  const { conditions, current } = parameter;
  const when = conditions.map(({ parent, values }) => [
    parent,
    values.map((value) => inWords(parent, value, space)),
  ]);
  return {
    ...parameter,
    ...(when.length === 0 ? {} : { when: Object.fromEntries(when) as Record<Prl, (number | Choice)[]> }),
    ...(current === undefined ? {} : { currentValue: inWords(parameter.prl, current, space) }),
  };
}

function inWords(prl: Prl, value: number, { parameters }: SearchSpace): number | Choice {
  const parameter = parameters.find((candidate) => candidate.prl === prl);
  return parameter !== undefined && 'choices' in parameter ? parameter.choices[value]! : value;
}

/** `1 enum point, 3 floats`: the size of a space in a few words. */
export function formatCombinations({ enumPoints, discretePoints, ints, floats }: Combinations): string {
  const points = ints === 0 ? count(enumPoints, 'enum point') : count(discretePoints, 'discrete point');
  return floats === 0 ? points : `${points}, ${count(floats, 'float')}`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
