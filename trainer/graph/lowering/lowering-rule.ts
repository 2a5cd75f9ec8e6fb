import type { Attributes } from '../attribute.ts';
import type { TensorType, Value } from '../value.ts';

/** What a rule sees of the operation that it replaces: its inputs are values of the graph that it builds into. */
export interface OperationToLower {
  readonly inputs: readonly Value[];
  readonly outputs: readonly TensorType[];
  readonly attributes: Attributes;
}

/** Another way to compute one kind of operation, for a kind of device. */
export interface LoweringRule {
  /** An ONNX operator or a composite. */
  readonly opType: string;
  /** Values to take the place of the outputs, in their order; `undefined` where the rule has nothing better to offer. */
  lower(operation: OperationToLower): readonly Value[] | undefined;
}
