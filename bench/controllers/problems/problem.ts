import type {
  EnumParameter,
  FloatParameter,
  IntParameter,
  SearchSpace,
  SearchValues,
} from '../../../common/search-space/search-space.ts';

/** A function to be minimised over a search space, cheap to evaluate. */
export interface Problem {
  readonly name: string;
  readonly space: SearchSpace;
  /** The smallest loss, or the smallest that is known. */
  readonly optimum: number;
  readonly evaluate: (values: SearchValues) => number | Promise<number>;
}

type Extra = Pick<FloatParameter, 'conditions'> & { readonly log: boolean };

/** A float parameter; its PRL is its name. */
export function float(name: string, min: number, max: number, extra: Partial<Extra> = {}): FloatParameter {
  return {
    prl: name,
    domain: 'net',
    args: [name],
    type: 'float',
    min,
    max,
    log: false,
    conditions: [],
    ...extra,
  };
}

/** An int parameter with steps of 1. */
export function int(name: string, min: number, max: number, extra: Partial<Extra> = {}): IntParameter {
  return {
    prl: name,
    domain: 'net',
    args: [name],
    type: 'int',
    min,
    max,
    step: 1,
    log: false,
    conditions: [],
    ...extra,
  };
}

/** An enum parameter with so many choices. */
export function choice(
  name: string,
  count: number,
  extra: Partial<Pick<Extra, 'conditions'>> = {},
): EnumParameter {
  const choices = Array.from({ length: count }, (_, index) => [index]);
  return { prl: name, domain: 'net', args: [name], type: 'enum', choices, conditions: [], ...extra };
}
