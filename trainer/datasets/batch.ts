import type { Item } from '../data/item.ts';
import type { Tensor } from '../data/tensor.ts';

/** Some items side by side: what one training step or one validation step gets. */
export interface Batch {
  /** Every tensor of the items under its key, stacked: [items, channel, x, y, z]. */
  readonly fields: Readonly<Record<string, Tensor>>;
  /**
   * The items themselves, in the same order: metadata and the record of applied transforms. Their tensors are windows of
   * those in `fields`, so nothing is held twice.
   */
  readonly items: readonly Item[];
}

/** Batches of one data set, epoch after epoch. */
export interface DataLoader {
  /** Cases in the data set. */
  readonly caseCount: number;
  /** Batches per epoch: ceil(cases / batch size); the last one may be smaller. */
  readonly batchCount: number;
  /**
   * One pass over the data set. `epoch` (1-based) chooses the order and the random numbers: the same epoch gives the same
   * batches, however many workers there are and whatever was iterated before.
   */
  iterate(epoch: number): AsyncIterableIterator<Batch>;
  /** Ends the worker threads. */
  [Symbol.asyncDispose](): Promise<void>;
}
