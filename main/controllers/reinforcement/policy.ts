import type { SeededRandom } from '../../../common/random/seeded-random.ts';
import { chooseUniformly, drawPoint } from '../../../common/search-space/draw-point.ts';
import type { EnumParameter, SearchSpace, SearchValues } from '../../../common/search-space/search-space.ts';
import { isNumeric, unitOf, valueAt, type NumericParameter } from '../../../common/search-space/unit-cube.ts';
import type { Elite } from './elites.ts';

/** Least standard deviation after the first result, in the unit interval; it falls with the root of their number. */
const FIRST_SIGMA = 0.3;
const SMALLEST_SIGMA = 0.02;
/** How often a choice is drawn anew instead of taken over from the elite. */
const MUTATION = 0.15;
const MOST_REDRAWS = 30;

/**
 * A policy without state, since a search is a bandit: it draws points near good ones.
 */
export interface Policy {
  sample(): SearchValues;
}

/**
 * The policy after `count` results, fitted anew to all of them: reward-weighted regression (Peters and Schaal 2007) over the
 * conditional tree. An elite is drawn by its weight, and each of its values is varied: numbers by a truncated Gaussian as
 * wide as the elites are spread, choices by the elites' shares. Taking all values from one elite keeps what belongs together.
 *
 * It does not collapse: deviations have a floor that falls with the root of `count`, choices the margin of CatCMA (Hamano et
 * al. 2024). A parameter learns from elites in which it was active alone.
 *
 * @param elites at least one
 */
export function fitPolicy(
  space: SearchSpace,
  elites: readonly Elite[],
  count: number,
  random: SeededRandom,
): Policy {
  const floor = Math.max(SMALLEST_SIGMA, FIRST_SIGMA / Math.sqrt(Math.max(1, count)));
  const categories = space.parameters.filter((parameter) => !isNumeric(parameter)).length;
  const uniform = chooseUniformly(random.uniform);
  return {
    sample() {
      const { values: parent } = drawElite(elites, random);
      return drawPoint(space, (parameter, chosen) => {
        const known = elites.filter(({ values }) => values[parameter.prl] !== undefined);
        if (known.length === 0) return uniform(parameter, chosen);
        const own = parent[parameter.prl];
        if (isNumeric(parameter))
          return varyNumber(parameter, own ?? known[0]!.values[parameter.prl]!, known, floor, random);
        if (own !== undefined && random.uniform() >= MUTATION) return own;
        return drawChoice(parameter, known, categories, random);
      });
    },
  };
}

function drawElite(elites: readonly Elite[], random: SeededRandom): Elite {
  let rest = random.uniform();
  return elites.find(({ weight }) => (rest -= weight) < 0) ?? elites[0]!;
}

function varyNumber(
  parameter: NumericParameter,
  value: number,
  elites: readonly Elite[],
  floor: number,
  random: SeededRandom,
): number {
  const centre = unitOf(parameter, value);
  const sigma = Math.hypot(spreadOf(parameter, elites), floor);
  for (let draw = 0; draw < MOST_REDRAWS; draw++) {
    const unit = centre + sigma * random.normal();
    if (unit >= 0 && unit <= 1) return valueAt(parameter, unit);
  }
  return valueAt(parameter, centre);
}

/** Weighted standard deviation of the elites' values, in the unit interval. */
function spreadOf(parameter: NumericParameter, elites: readonly Elite[]): number {
  const units = elites.map(({ values }) => unitOf(parameter, values[parameter.prl]!));
  const total = elites.reduce((sum, { weight }) => sum + weight, 0);
  const average = (of: (unit: number) => number): number =>
    elites.reduce((sum, { weight }, index) => sum + weight * of(units[index]!), 0) / total;
  const mean = average((unit) => unit);
  return Math.sqrt(average((unit) => (unit - mean) ** 2));
}

function drawChoice(
  parameter: EnumParameter,
  elites: readonly Elite[],
  categories: number,
  random: SeededRandom,
): number {
  const count = parameter.choices.length;
  if (count === 1) return 0;
  const total = elites.reduce((sum, { weight }) => sum + weight, 0);
  const margin = (1 - 0.73 ** (1 / categories)) / (count - 1);
  const shares = parameter.choices.map((_, choice) => {
    const own = elites.filter(({ values }) => values[parameter.prl] === choice);
    return Math.max(margin, own.reduce((sum, { weight }) => sum + weight, 0) / total);
  });
  let rest = random.uniform() * shares.reduce((sum, share) => sum + share, 0);
  const drawn = shares.findIndex((share) => (rest -= share) < 0);
  return drawn < 0 ? count - 1 : drawn;
}
