import { discreteLevels, enumeratePoints } from '../../../common/search-space/enumerate-points.ts';
import {
  isActive,
  type Prl,
  type SearchParameter,
  type SearchSpace,
  type SearchValues,
} from '../../../common/search-space/search-space.ts';

/** A point to check, and what it is there for. */
export interface RepresentativePoint {
  readonly values: SearchValues;
  /** The parameter that this point tries, for messages; undefined for the base and for combinations. */
  readonly tried?: Prl;
}

/** Spaces with at most so many combinations of choices are gone through completely. */
const MOST_COMBINATIONS = 256;

/** Of the choices of one parameter at most so many are tried, evenly spread. */
const MOST_CHOICES = 256;

/**
 * Points that between them have every choice of every enum and bool and both ends of every int and float, each with
 * whatever it takes to make the parameter active; and, for small spaces, every combination of choices.
 *
 * The base comes first: what the config holds now, or else the first choice and the lower end.
 */
export function representativePoints(space: SearchSpace): readonly RepresentativePoint[] {
  const byPrl = new Map(space.parameters.map((parameter) => [parameter.prl, parameter]));
  const points: RepresentativePoint[] = [{ values: complete(space, new Map()) }];
  for (const parameter of space.parameters) {
    for (const value of levelsToTry(parameter)) {
      const forced = new Map([[parameter.prl, value]]);
      activate(parameter, forced, byPrl);
      points.push({ values: complete(space, forced), tried: parameter.prl });
    }
  }
  points.push(...combinations(space).map((values) => ({ values })));
  const distinct = new Map<string, RepresentativePoint>();
  for (const point of points) {
    const key = JSON.stringify(point.values);
    if (!distinct.has(key)) distinct.set(key, point);
  }
  return [...distinct.values()];
}

function levelsToTry(parameter: SearchParameter): readonly number[] {
  if (parameter.type === 'float') return [parameter.min, parameter.max];
  const levels = discreteLevels(parameter) ?? [];
  if (parameter.type === 'int') return [levels[0]!, levels.at(-1)!];
  const stride = Math.ceil(levels.length / MOST_CHOICES);
  return levels.filter((_, index) => index % stride === 0);
}

function baseValue(parameter: SearchParameter): number {
  return parameter.current ?? ('choices' in parameter ? 0 : parameter.min);
}

/** Chooses values for everything that a parameter depends on, so that it is active. */
function activate(
  parameter: SearchParameter,
  forced: Map<Prl, number>,
  byPrl: ReadonlyMap<Prl, SearchParameter>,
): void {
  for (const { parent, values } of parameter.conditions) {
    const owner = byPrl.get(parent);
    if (owner === undefined || forced.has(parent)) continue;
    const base = baseValue(owner);
    forced.set(parent, values.includes(base) ? base : values[0]!);
    activate(owner, forced, byPrl);
  }
}

/** A point with the forced values, and the base values of everything else that is active. Parents stand first. */
function complete({ parameters }: SearchSpace, forced: ReadonlyMap<Prl, number>): SearchValues {
  const values: Record<Prl, number> = {};
  for (const parameter of parameters) {
    if (isActive(parameter, values))
      values[parameter.prl] = forced.get(parameter.prl) ?? baseValue(parameter);
  }
  return values;
}

function combinations(space: SearchSpace): readonly SearchValues[] {
  const points: SearchValues[] = [];
  const levels = (parameter: SearchParameter): readonly number[] =>
    'choices' in parameter ? parameter.choices.map((_, index) => index) : [baseValue(parameter)];
  for (const values of enumeratePoints(space, levels)) {
    if (points.length === MOST_COMBINATIONS) return [];
    points.push(values);
  }
  return points;
}
