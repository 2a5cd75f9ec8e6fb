import type { SeededRandom } from '../../../common/random/seeded-random.ts';
import { chooseUniformly, drawPoint } from '../../../common/search-space/draw-point.ts';
import type { EnumParameter, SearchSpace, SearchValues } from '../../../common/search-space/search-space.ts';
import { isNumeric, unitOf, valueAt, type NumericParameter } from '../../../common/search-space/unit-cube.ts';
import type { Elite } from './elites.ts';

/** Standard deviation of the first samples, in the unit interval: the prior's width. */
const FIRST_SIGMA = 0.3;
const SMALLEST_SIGMA = 0.02;
/** Share of samples drawn without the policy: plateaus and deceptive categories need them. */
const EXPLORATION = 0.1;
const MOST_REDRAWS = 30;

/**
 * A policy without state, since a search is a bandit: a product over the conditional tree of truncated Gaussians (floats and
 * ints, on the unit interval) and categoricals (enums and bools), fitted anew to the weighted elites of all results. A
 * parameter learns only from elites in which it was active.
 */
export interface Policy {
  sample(): SearchValues;
}

/**
 * The policy after `count` results: reward-weighted regression over the full history (Peters and Schaal 2007; Kober's PoWER)
 * with the margin of CatCMA (Hamano 2024) for categories and a floor of the deviation that falls with the square root of
 * `count`, so that it neither collapses early nor wanders late.
 */
export function fitPolicy(
  space: SearchSpace,
  elites: readonly Elite[],
  count: number,
  random: SeededRandom,
): Policy {
  const categories = space.parameters.filter((parameter) => !isNumeric(parameter)).length;
  const floor = Math.max(SMALLEST_SIGMA, FIRST_SIGMA / Math.sqrt(Math.max(1, count)));
  return {
    sample: () => {
      if (elites.length === 0 || random.uniform() < EXPLORATION) {
        return drawPoint(space, chooseUniformly(random.uniform));
      }
      return drawPoint(space, (parameter) => {
        const known = elites.filter(({ values }) => values[parameter.prl] !== undefined);
        if (known.length === 0) return chooseUniformly(random.uniform)(parameter, {});
        return isNumeric(parameter)
          ? sampleNumber(parameter, known, floor, random)
          : sampleChoice(parameter, known, categories, random);
      });
    },
  };
}

function sampleNumber(
  parameter: NumericParameter,
  elites: readonly Elite[],
  floor: number,
  random: SeededRandom,
): number {
  const units = elites.map(({ values }) => unitOf(parameter, values[parameter.prl]!));
  const total = elites.reduce((sum, { weight }) => sum + weight, 0);
  const mean = elites.reduce((sum, { weight }, index) => sum + weight * units[index]!, 0) / total;
  const variance =
    elites.reduce((sum, { weight }, index) => sum + weight * (units[index]! - mean) ** 2, 0) / total;
  const sigma = Math.sqrt(variance + floor ** 2);
  for (let draw = 0; draw < MOST_REDRAWS; draw++) {
    const unit = mean + sigma * random.normal();
    if (unit >= 0 && unit <= 1) return valueAt(parameter, unit);
  }
  return valueAt(parameter, mean);
}

function sampleChoice(
  parameter: EnumParameter,
  elites: readonly Elite[],
  categories: number,
  random: SeededRandom,
): number {
  const count = parameter.choices.length;
  if (count === 1) return 0;
  const shares = new Array<number>(count).fill(0);
  for (const { values, weight } of elites) shares[values[parameter.prl]!]! += weight;
  const total = shares.reduce((sum, share) => sum + share, 0);
  const margin = (1 - 0.73 ** (1 / categories)) / (count - 1);
  const kept = shares.map((share) => Math.max(margin, share / total));
  const sum = kept.reduce((all, share) => all + share, 0);
  let rest = random.uniform() * sum;
  for (let choice = 0; choice < count; choice++) {
    rest -= kept[choice]!;
    if (rest < 0) return choice;
  }
  return count - 1;
}

/** How different two points are: per parameter 0 to 1, 1 where only one of them has it or a choice differs. */
export function distanceBetween(space: SearchSpace, a: SearchValues, b: SearchValues): number {
  const squared = space.parameters.reduce((sum, parameter) => {
    const left = a[parameter.prl];
    const right = b[parameter.prl];
    if (left === undefined && right === undefined) return sum;
    if (left === undefined || right === undefined) return sum + 1;
    if (!isNumeric(parameter)) return sum + (left === right ? 0 : 1);
    return sum + (unitOf(parameter, left) - unitOf(parameter, right)) ** 2;
  }, 0);
  return Math.sqrt(squared);
}
