import type { SeededRandom } from '../../../common/random/seeded-random.ts';
import { chooseUniformly, drawPoint, pointKey } from '../../../common/search-space/draw-point.ts';
import type {
  SearchParameter,
  SearchSpace,
  SearchValues,
} from '../../../common/search-space/search-space.ts';
import { isNumeric, unitOf, valueAt, type NumericParameter } from '../../../common/search-space/unit-cube.ts';
import type { Judge } from './critic/critic.ts';
import type { Policy } from './policy.ts';

const CANDIDATES = 100;
/** Share of candidates that is drawn without the policy: plateaus and deceptive choices need them. */
const EXPLORATION = 0.3;
const MOST_DRAWS = 20 * CANDIDATES;
/** Candidates that are refined, how often, and by how many variants each time. */
const KEPT = 5;
const ROUNDS = 6;
const VARIANTS = 4;
const FIRST_STEP = 0.1;
const STEP_DECAY = 0.6;

interface Judged {
  readonly values: SearchValues;
  readonly merit: number;
}

export interface Choosing {
  readonly space: SearchSpace;
  readonly policy: Policy;
  readonly judge: Judge;
  readonly random: SeededRandom;
  /** True for a point that was tried before. */
  readonly isTried: (values: SearchValues) => boolean;
}

/**
 * The point that the critic finds most promising, among untried ones that the policy proposes and some from anywhere; the
 * best are then varied in ever smaller steps. Undefined when nothing untried was proposed.
 */
export function choosePoint(choosing: Choosing): SearchValues | undefined {
  let kept = keepBest(proposePoints(choosing).map(judgeWith(choosing)));
  for (let round = 0; round < ROUNDS; round++) {
    const step = FIRST_STEP * STEP_DECAY ** round;
    const variants = kept.flatMap(({ values }) =>
      Array.from({ length: VARIANTS }, () => varyPoint(values, step, choosing)).filter(
        (variant) => !choosing.isTried(variant),
      ),
    );
    kept = keepBest([...kept, ...variants.map(judgeWith(choosing))]);
  }
  return kept[0]?.values;
}

const judgeWith =
  ({ judge }: Choosing) =>
  (values: SearchValues): Judged => ({ values, merit: judge(values) });

function keepBest(judged: readonly Judged[]): readonly Judged[] {
  return [...judged].sort((a, b) => b.merit - a.merit).slice(0, KEPT);
}

/** Different untried points; fewer than wanted where the space has no more. */
function proposePoints({ space, policy, random, isTried }: Choosing): readonly SearchValues[] {
  const proposed = new Map<string, SearchValues>();
  const uniform = chooseUniformly(random.uniform);
  for (let draw = 0; draw < MOST_DRAWS && proposed.size < CANDIDATES; draw++) {
    const values = random.uniform() < EXPLORATION ? drawPoint(space, uniform) : policy.sample();
    if (!isTried(values)) proposed.set(pointKey(values), values);
  }
  return [...proposed.values()];
}

/** A point nearby: one parameter changed, or all of them a little. What becomes active is drawn anew. */
function varyPoint(values: SearchValues, step: number, { space, random }: Choosing): SearchValues {
  const uniform = chooseUniformly(random.uniform);
  const prls = Object.keys(values);
  const only = random.uniform() < 0.5 ? prls[random.integer(prls.length)] : undefined;
  return drawPoint(space, (parameter, chosen) => {
    const own = values[parameter.prl];
    if (own === undefined) return uniform(parameter, chosen);
    if (only !== undefined) return only === parameter.prl ? varyAlone(parameter, own, step, random) : own;
    if (isNumeric(parameter)) return valueAt(parameter, unitOf(parameter, own) + step * random.normal());
    return random.uniform() < step ? random.integer(parameter.choices.length) : own;
  });
}

function varyAlone(parameter: SearchParameter, value: number, step: number, random: SeededRandom): number {
  if (!isNumeric(parameter)) return random.integer(parameter.choices.length);
  if (parameter.type === 'int') return stepInt(parameter, value, random);
  return valueAt(parameter, unitOf(parameter, value) + 2 * step * random.normal());
}

/** One or two steps up or down: a change by less would be rounded away. */
function stepInt(parameter: NumericParameter & { type: 'int' }, value: number, random: SeededRandom): number {
  const steps = (1 + random.integer(2)) * (random.uniform() < 0.5 ? -1 : 1);
  return Math.min(parameter.max, Math.max(parameter.min, value + steps * parameter.step));
}
