import type { Item } from '../data/item.ts';
import { createRandomState } from '../random/random-state.ts';
import { isRandomTransform, listItems, type Transform } from './transform.ts';

/**
 * A chain of transforms, as MONAI's `Compose`. When one makes several items of one (crops), each following transform runs over
 * all of them before the next one starts, which fixes the order of random draws.
 */
export class Compose {
  readonly transforms: readonly Transform[];

  constructor(transforms: readonly Transform[]) {
    this.transforms = transforms;
  }

  /** Restarts every random transform with a seed of its own, drawn in order from `RandomState(seed)`. */
  setRandomState(seed: number): void {
    const state = createRandomState(seed);
    for (const transform of this.transforms) {
      if (isRandomTransform(transform)) transform.setRandomState(state.uint32());
    }
  }

  /** How many transforms stand before the first random one: what they make of a case is always the same. */
  get fixedCount(): number {
    const first = this.transforms.findIndex(isRandomTransform);
    return first === -1 ? this.transforms.length : first;
  }

  /** Runs the chain, or its part from transform `start` up to but not including `end`. */
  apply(items: Item | readonly Item[], start = 0, end = this.transforms.length): readonly Item[] {
    return this.transforms
      .slice(start, end)
      .reduce<readonly Item[]>(
        (current, transform) => current.flatMap((item) => listItems(transform.apply(item))),
        listItems(items),
      );
  }
}
