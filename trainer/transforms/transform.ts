import type { Item } from '../data/item.ts';

/** Turns one item into another, or into several (crops). The item that came in is left as it was. */
export interface Transform {
  /** The component's name, for messages. */
  readonly name: string;
  apply(item: Item): Item | readonly Item[];
}

/** A transform that draws random numbers, all of them from the state that `setRandomState` starts. */
export interface RandomTransform extends Transform {
  /** Restarts the draws; `seed` is an unsigned 32-bit integer, used as numpy's `RandomState(seed)`. */
  setRandomState(seed: number): void;
}

/** True for a transform that draws random numbers. */
export function isRandomTransform(transform: Transform): transform is RandomTransform {
  return 'setRandomState' in transform && typeof transform.setRandomState === 'function';
}

/** The items of one result, in order. */
export function listItems(result: Item | readonly Item[]): readonly Item[] {
  return isItemList(result) ? result : [result];
}

function isItemList(result: Item | readonly Item[]): result is readonly Item[] {
  return Array.isArray(result);
}
