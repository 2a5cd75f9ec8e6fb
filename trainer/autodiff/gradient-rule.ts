import type { Attributes } from '../graph/attribute.ts';
import type { Value } from '../graph/value.ts';

/** What a rule sees of the operation that it differentiates. */
export interface Operation {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  /** The gradient of the final result with respect to the first output. */
  readonly dy: Value;
}

/** Builds one gradient; called only when that gradient is needed. */
export type GradientThunk = () => Value;

/** How a gradient passes backwards through one kind of operation. Only the first output passes gradients. */
export interface GradientRule {
  readonly opType: string;
  /** One entry per input, with the shape of that input; none for an input that takes no gradient, such as indices. */
  gradients(operation: Operation): readonly (GradientThunk | undefined)[];
}
