import type { Value } from '../../../trainer/graph/value.ts';

/** One input of a case. */
export interface CaseInput {
  readonly shape: readonly number[];
  /** Numbers lie in between; the default keeps away from 0 by 0.3 on either side and ends at 1.3. */
  readonly range?: readonly [number, number];
  /** Every number at least 0.3 from every other, where the order of numbers decides. */
  readonly distinct?: boolean;
}

/** A function whose gradients are compared with finite differences. */
export interface GradientCase {
  /** The operation under test: its node must be in the graph. */
  readonly opType: string;
  readonly title: string;
  readonly inputs: readonly CaseInput[];
  readonly build: (...inputs: Value[]) => Value;
}

/** Says in one line what is tested: `gradientCase('Add', 'stretched', [[2, 3], [3]], (a, b) => add(a, b))`. */
export function gradientCase(
  opType: string,
  title: string,
  inputs: readonly (CaseInput | readonly number[])[],
  build: (...inputs: Value[]) => Value,
): GradientCase {
  const isShape = (input: CaseInput | readonly number[]): input is readonly number[] => Array.isArray(input);
  return { opType, title, inputs: inputs.map((input) => (isShape(input) ? { shape: input } : input)), build };
}
