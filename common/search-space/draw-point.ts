import { isActive, type SearchParameter, type SearchSpace, type SearchValues } from './search-space.ts';
import { isNumeric, middleOf, valueAt } from './unit-cube.ts';

/** Chooses a value for an active parameter; `values` are those of the parameters before it. */
export type ChooseValue = (parameter: SearchParameter, values: SearchValues) => number;

/** A point of the space: every parameter that is active gets a value, parents before the parameters that depend on them. */
export function drawPoint(space: SearchSpace, choose: ChooseValue): SearchValues {
  const values: Record<string, number> = {};
  for (const parameter of space.parameters) {
    if (isActive(parameter, values)) values[parameter.prl] = choose(parameter, values);
  }
  return values;
}

/** A uniform choice: `uniform` gives numbers in [0, 1). */
export function chooseUniformly(uniform: () => number): ChooseValue {
  return (parameter) => {
    const unit = uniform();
    return isNumeric(parameter) ? valueAt(parameter, unit) : Math.floor(unit * parameter.choices.length);
  };
}

/** What the config holds now, else the middle of a range, else the first choice: Clara's first point. */
export const chooseDefault: ChooseValue = (parameter) =>
  parameter.current ?? (isNumeric(parameter) ? middleOf(parameter) : 0);

/** Equal for equal points, whatever the order of their keys. */
export function pointKey(values: SearchValues): string {
  return Object.keys(values)
    .sort()
    .map((prl) => `${prl}=${values[prl]}`)
    .join(';');
}
