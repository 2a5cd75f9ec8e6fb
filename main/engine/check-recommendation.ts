import { FaultError, type Fault } from '../../common/fault.ts';
import {
  isActive,
  type ConcreteSearchValue,
  type SearchParameter,
  type SearchSpace,
  type SearchValues,
} from '../../common/search-space/search-space.ts';
import type { Recommendation } from '../controllers/controller.ts';

/**
 * Makes sure that what a controller answers is in the space: exactly the active parameters, each within its range, and
 * ids that count up. A controller is often a user's own code, and a wrong value would only show in a job's training.
 *
 * @throws FaultError `controller`
 */
export function checkRecommendations(
  space: SearchSpace,
  recommendations: readonly Recommendation[],
  nextId: number,
): void {
  let lowest = nextId;
  for (const { id, values } of recommendations) {
    if (!Number.isSafeInteger(id) || id < lowest)
      throw refuse(`The recommendation id ${id} is not new.`, `whole numbers from ${lowest} upwards`);
    lowest = id + 1;
    const faults = findFaults(space, values);
    if (faults.length > 0) throw new FaultError(...faults);
  }
}

/** The point in the config's own terms: the choice itself in place of its index. */
export function makeConcreteValues(space: SearchSpace, values: SearchValues): ConcreteSearchValue {
  return Object.fromEntries(
    space.parameters
      .filter(({ prl }) => values[prl] !== undefined)
      .map((parameter) => {
        const value = values[parameter.prl]!;
        return [parameter.prl, 'choices' in parameter ? parameter.choices[value]! : value];
      }),
  );
}

function findFaults(space: SearchSpace, values: SearchValues): readonly Fault[] {
  const known = new Set(space.parameters.map(({ prl }) => prl));
  const unknown = Object.keys(values).filter((prl) => !known.has(prl));
  return [
    ...unknown.map((prl) => fault(`The controller gives a value for ${prl}, which is not searched.`)),
    ...space.parameters.flatMap((parameter) => checkValue(parameter, values)),
  ];
}

function checkValue(parameter: SearchParameter, values: SearchValues): readonly Fault[] {
  const { prl } = parameter;
  const value = values[prl];
  if (!isActive(parameter, values))
    return value === undefined
      ? []
      : [fault(`The controller gives a value for ${prl}, which is not active here.`)];
  if (value === undefined) return [fault(`The controller gives no value for ${prl}.`)];
  const allowed = describeRange(parameter);
  return isInRange(parameter, value) ? [] : [fault(`The controller gives ${value} for ${prl}.`, allowed)];
}

function isInRange(parameter: SearchParameter, value: number): boolean {
  if ('choices' in parameter)
    return Number.isInteger(value) && value >= 0 && value < parameter.choices.length;
  return (
    value >= parameter.min &&
    value <= parameter.max &&
    (parameter.type === 'float' || Number.isInteger(value))
  );
}

function describeRange(parameter: SearchParameter): string {
  if ('choices' in parameter) return `the index of a choice, 0 to ${parameter.choices.length - 1}`;
  return `${parameter.type === 'int' ? 'a whole number' : 'a number'} from ${parameter.min} to ${parameter.max}`;
}

function fault(message: string, allowed?: string): Fault {
  return { code: 'controller', message, ...(allowed === undefined ? {} : { allowed }) };
}

function refuse(message: string, allowed: string): FaultError {
  return new FaultError(fault(message, allowed));
}
