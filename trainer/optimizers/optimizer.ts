import type { Shape, Value } from '../graph/value.ts';

/** Values by name. */
export type Named<T> = Readonly<Record<string, T>>;

/** What a parameter becomes, and the optimizer's memory of it. */
export interface Update {
  readonly parameter: Value;
  readonly state: Named<Value>;
}

/**
 * Turns gradients into new parameters, as pieces of a graph. What depends on the step alone is computed outside, in double
 * precision, and fed as scalars.
 */
export interface Optimizer {
  readonly name: string;
  /** The learning rate to start from. */
  readonly learningRate: number;
  /** What is remembered of a parameter of this shape, by PyTorch's names; it starts with zeros. */
  stateShapes(parameter: Shape): Named<Shape>;
  /** The scalars of one step, always the same names. Steps count from 1. */
  scalarsAt(step: number, learningRate: number): Named<number>;
  /** Adds the update of one parameter; `scalars` are inputs of shape `[]`, named as {@link scalarsAt} names them. */
  apply(parameter: Value, gradient: Value, state: Named<Value>, scalars: Named<Value>): Update;
}
