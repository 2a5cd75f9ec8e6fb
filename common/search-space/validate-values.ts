import type { Fault } from '../fault.ts';
import { clampToRange } from './clamp-to-range.ts';
import { chooseDefault, drawPoint } from './draw-point.ts';
import { isActive, type SearchParameter, type SearchSpace, type SearchValues } from './search-space.ts';

/** Everything that keeps `values` from being a point of the space: unknown, missing, inactive or out of range. */
export function validateValues(space: SearchSpace, values: SearchValues): readonly Fault[] {
  const known = new Set(space.parameters.map(({ prl }) => prl));
  const unknown = Object.keys(values).filter((prl) => !known.has(prl));
  return [
    ...unknown.map((prl) => fault(`${prl} is not searched.`, [...known].join(', '))),
    ...space.parameters.flatMap((parameter) => validateValue(parameter, values)),
  ];
}

function validateValue(parameter: SearchParameter, values: SearchValues): readonly Fault[] {
  const { prl } = parameter;
  const value = values[prl];
  const active = isActive(parameter, values);
  if (active && value === undefined) return [fault(`${prl} has no value.`, describeRange(parameter))];
  if (!active && value !== undefined)
    return [fault(`${prl} has a value though it is not active.`, 'no value')];
  if (value === undefined || isInRange(parameter, value)) return [];
  return [fault(`${prl} cannot be ${value}.`, describeRange(parameter))];
}

/** True for the index of a choice, a whole number on the grid, or a number of the range. */
export function isInRange(parameter: SearchParameter, value: number): boolean {
  if ('choices' in parameter)
    return Number.isInteger(value) && value >= 0 && value < parameter.choices.length;
  if (!(value >= parameter.min && value <= parameter.max)) return false;
  return parameter.type === 'float' || (value - parameter.min) % parameter.step === 0;
}

/**
 * The nearest point of the space: values clipped, those of inactive parameters left out, missing ones set to what the
 * config holds now, else to the middle of the range or the first choice.
 */
export function clampToSpace(space: SearchSpace, values: SearchValues): SearchValues {
  return drawPoint(space, (parameter, chosen) => {
    const value = values[parameter.prl];
    const isMissing = value === undefined || Number.isNaN(value);
    return isMissing ? chooseDefault(parameter, chosen) : clampToRange(parameter, value);
  });
}

function describeRange(parameter: SearchParameter): string {
  if ('choices' in parameter) return `the index of a choice, 0 to ${parameter.choices.length - 1}`;
  const { min, max } = parameter;
  if (parameter.type === 'float') return `a number from ${min} to ${max}`;
  const steps = parameter.step === 1 ? '' : ` in steps of ${parameter.step}`;
  return `a whole number from ${min} to ${max}${steps}`;
}

function fault(message: string, allowed: string): Fault {
  return { code: 'search-target', message, allowed };
}
