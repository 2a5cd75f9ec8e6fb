import type { Item } from '../data/item.ts';
import { collate } from './collate.ts';
import type { Batch } from './batch.ts';
import type { Dataset } from './dataset.ts';

/** One case of a batch. */
export interface CaseRequest {
  readonly index: number;
  /** For its random transforms. */
  readonly seed: number;
  /** The prepared case, where it is in the cache already. */
  readonly prepared?: readonly Item[];
}

/** A case that was prepared and is to be kept. */
export interface PreparedCase {
  readonly index: number;
  readonly items: readonly Item[];
}

export interface LoadedBatch {
  readonly batch: Batch;
  /** Cases that were not in the cache and belong there. */
  readonly prepared: readonly PreparedCase[];
}

/** Prepares what the cache does not have, runs the random transforms, stacks the results. */
export function loadBatch(dataset: Dataset, requests: readonly CaseRequest[], dataRoot: string): LoadedBatch {
  const prepared: PreparedCase[] = [];
  const items = requests.flatMap(({ index, seed, prepared: known }) => {
    const fixed = known ?? dataset.prepare(index);
    if (known === undefined && dataset.isCached(index)) prepared.push({ index, items: fixed });
    return dataset.finish(fixed, seed);
  });
  return { batch: collate(items, dataRoot), prepared };
}
