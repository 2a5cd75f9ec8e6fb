import type { Value } from '../graph/value.ts';

/**
 * Builds a loss into a graph: logits (batch, class, ...spatial) and label, either class numbers (batch, 1, ...spatial) or
 * one channel per class, to a single number of shape `[]`.
 */
export type Loss = (logits: Value, label: Value) => Value;

/** How the values of a loss become one. `none` is averaged too, since that is what a training does with it. */
export type Reduction = 'mean' | 'sum' | 'none';
