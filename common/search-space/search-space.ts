import type { Json } from '../json.ts';

/** Parameter Range Locator: the key of one search item, e.g. `net.enum.train.model$0:channels`. */
export type Prl = string;

/** One value per arg of the item. */
export type Choice = readonly Json[];

interface ParameterBase {
  readonly prl: Prl;
  readonly domain: string;
  /** The names that the item sets, without alias suffix; `@disabled` for an attribute. */
  readonly args: readonly string[];
  /** Active only when every one of these holds; a parameter without conditions is always active. */
  readonly conditions: readonly Condition[];
}

/** Holds when the parameter `parent` is active itself and has one of `values` (indices for enum and bool, else numbers). */
export interface Condition {
  readonly parent: Prl;
  readonly values: readonly number[];
}

export interface FloatParameter extends ParameterBase {
  readonly type: 'float';
  readonly min: number;
  readonly max: number;
  readonly log: boolean;
  /** The value that the config holds now, where it is inside the range. */
  readonly current?: number;
}

export interface IntParameter extends ParameterBase {
  readonly type: 'int';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly log: boolean;
  readonly current?: number;
}

/** A finite list. A bool is an enum of `[[false], [true]]` that says so. */
export interface EnumParameter extends ParameterBase {
  readonly type: 'enum' | 'bool';
  readonly choices: readonly Choice[];
  /** The choice that the config holds now, where it is one of them. */
  readonly current?: number;
}

export type SearchParameter = FloatParameter | IntParameter | EnumParameter;

/** What may be searched. Parents stand before the parameters that depend on them. */
export interface SearchSpace {
  readonly parameters: readonly SearchParameter[];
}

/**
 * One point of a space: for enum and bool the 0-based index of the choice, for float and int the number itself.
 * Exactly the active parameters have a value.
 */
export type SearchValues = Readonly<Record<Prl, number>>;

/** The same point in the config's own terms: a list with one value per arg for enum and bool, a plain number else. */
export type ConcreteSearchValue = Readonly<Record<Prl, number | Choice>>;

/** True when all conditions of the parameter hold under `values`. */
export function isActive(parameter: SearchParameter, values: SearchValues): boolean {
  return parameter.conditions.every(({ parent, values: wanted }) => {
    const value = values[parent];
    return value !== undefined && wanted.includes(value);
  });
}
