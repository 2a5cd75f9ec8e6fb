import type { SeededRandom } from '../../../common/random/seeded-random.ts';
import { chooseDefault, drawPoint, pointKey } from '../../../common/search-space/draw-point.ts';
import { enumeratePoints, discreteLevels } from '../../../common/search-space/enumerate-points.ts';
import { isActive, type SearchSpace, type SearchValues } from '../../../common/search-space/search-space.ts';
import { isNumeric, valueAt } from '../../../common/search-space/unit-cube.ts';

/** Combinations of enums that are looked at: more cannot be trained either. */
const MOST_COMBINATIONS = 10_000;

/** One combination of enums and bools, numbers at their defaults. */
export interface Combination {
  readonly values: SearchValues;
  /** False when no float or int is active in it: nothing is left to learn after one job. */
  readonly hasNumbers: boolean;
}

/** All combinations of enums and bools under the conditions, the config's current one first. */
export function listCombinations(space: SearchSpace): Combination[] {
  const combinations = new Map<string, Combination>();
  const add = (values: SearchValues): void => {
    const hasNumbers = space.parameters.some(
      (parameter) => isNumeric(parameter) && isActive(parameter, values),
    );
    combinations.set(pointKey(values), { values, hasNumbers });
  };
  add(drawPoint(space, chooseDefault));
  const levels: Parameters<typeof enumeratePoints>[1] = (parameter) =>
    isNumeric(parameter) ? [chooseDefault(parameter, {})] : discreteLevels(parameter);
  for (const values of enumeratePoints(space, levels)) {
    if (combinations.size >= MOST_COMBINATIONS) break;
    if (!combinations.has(pointKey(values))) add(values);
  }
  return [...combinations.values()];
}

/**
 * Points that fill the space evenly: Roberts' additive recurrence on the generalised golden ratio (2018), moved by a random
 * offset; parameter i of the space uses dimension i, whether it is active or not.
 */
export function makeSpaceFiller(space: SearchSpace, random: SeededRandom): () => SearchValues {
  const dimensions = space.parameters.length;
  const ratio = goldenRatio(dimensions);
  const offsets = space.parameters.map(() => random.uniform());
  let index = 0;
  return () => {
    index++;
    const units = new Map(
      space.parameters.map(({ prl }, dimension) => [
        prl,
        (offsets[dimension]! + index * ratio ** -(dimension + 1)) % 1,
      ]),
    );
    return drawPoint(space, (parameter) => {
      const unit = units.get(parameter.prl)!;
      return isNumeric(parameter) ? valueAt(parameter, unit) : Math.floor(unit * parameter.choices.length);
    });
  };
}

/** The positive root of x^(d+1) = x + 1. */
function goldenRatio(dimensions: number): number {
  let root = 2;
  for (let step = 0; step < 40; step++) root = (1 + root) ** (1 / (dimensions + 1));
  return root;
}
