import type { DataLoaderArgs } from '../../common/components/datasets.ts';
import { FaultError } from '../../common/fault.ts';
import type { Item } from '../data/item.ts';
import type { Batch, DataLoader } from './batch.ts';
import { Dataset, type DatasetDefinition } from './dataset.ts';
import { loadBatch, type CaseRequest, type LoadedBatch } from './load-batch.ts';
import { LoaderWorkers } from './loader-workers.ts';
import { caseSeed, orderCases } from './seeds.ts';

export interface DataLoaderOptions extends Pick<
  DataLoaderArgs,
  'batch_size' | 'shuffle' | 'num_workers' | 'prefetch_factor' | 'drop_last'
> {
  /** Chooses order and random transforms: an integer in [0, 2^32). */
  readonly seed: number;
  /** The batches of an epoch, where not `batch_size`, `shuffle` and `drop_last` say which: indices of cases each. */
  readonly plan?: (epoch: number) => readonly (readonly number[])[];
}

/**
 * `monai.data.DataLoader` over a data set: batches of `batch_size` cases, each giving as many items as the transforms make of
 * it. With workers, threads load up to `prefetch_factor` batches each ahead; the batches are the same with any number of them.
 *
 * Builds the transforms once here, so that wrong arguments and code that cannot be loaded fail at once.
 */
export async function createDataLoader(
  definition: DatasetDefinition,
  options: DataLoaderOptions,
): Promise<DataLoader> {
  if (definition.items.length === 0) {
    throw new FaultError({
      code: 'data-list-empty',
      message: 'The data set has no cases.',
      component: 'DataLoader',
    });
  }
  const dataset = await Dataset.build(definition);
  return new BatchLoader(definition, dataset, options);
}

class BatchLoader implements DataLoader {
  readonly caseCount: number;
  readonly batchCount: number;
  readonly #dataset: Dataset;
  readonly #definition: DatasetDefinition;
  readonly #options: DataLoaderOptions;
  readonly #cache = new Map<number, readonly Item[]>();
  #workers: LoaderWorkers | undefined;

  constructor(definition: DatasetDefinition, dataset: Dataset, options: DataLoaderOptions) {
    this.#definition = definition;
    this.#dataset = dataset;
    this.#options = options;
    this.caseCount = definition.items.length;
    const batches = this.caseCount / options.batch_size;
    this.batchCount =
      options.plan?.(1).length ?? (options.drop_last ? Math.floor(batches) : Math.ceil(batches));
  }

  async *iterate(epoch: number): AsyncIterableIterator<Batch> {
    const plan = this.#planEpoch(epoch);
    const ahead = Math.max(1, this.#options.num_workers * this.#options.prefetch_factor);
    const loading: Promise<LoadedBatch>[] = [];
    for (let next = 0; next < plan.length || loading.length > 0;) {
      while (next < plan.length && loading.length < ahead) loading.push(this.#startBatch(plan[next++]));
      yield await this.#finishBatch(loading.shift()!);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cache.clear();
    await this.#workers?.[Symbol.asyncDispose]();
  }

  #planEpoch(epoch: number): readonly (readonly CaseRequest[])[] {
    const { batch_size: batchSize, shuffle, seed, plan } = this.#options;
    if (plan !== undefined) return this.#requestPlanned(plan(epoch), epoch);
    const order = orderCases(this.caseCount, shuffle, seed, epoch);
    return Array.from({ length: this.batchCount }, (_, batch) =>
      order
        .slice(batch * batchSize, (batch + 1) * batchSize)
        .map((index) => ({ index, seed: caseSeed(seed, epoch, index) })),
    );
  }

  /** A case that comes several times in an epoch is drawn anew each time. */
  #requestPlanned(plan: readonly (readonly number[])[], epoch: number): readonly (readonly CaseRequest[])[] {
    if (plan.length !== this.batchCount) throw otherLength(plan.length, this.batchCount);
    const times = new Map<number, number>();
    return plan.map((batch) =>
      batch.map((index) => {
        const time = times.get(index) ?? 0;
        times.set(index, time + 1);
        return { index, seed: caseSeed(this.#options.seed, epoch, index + time * this.caseCount) };
      }),
    );
  }

  #startBatch(planned: readonly CaseRequest[]): Promise<LoadedBatch> {
    const requests = planned.map((request) => {
      const prepared = this.#cache.get(request.index);
      return prepared === undefined ? request : { ...request, prepared };
    });
    const { num_workers: count } = this.#options;
    if (count === 0) return this.#loadHere(requests);
    this.#workers ??= new LoaderWorkers(this.#definition, count);
    const loaded = this.#workers.load(requests);
    // Its failure is reported when its turn comes, or never when the reader stops before.
    loaded.catch(() => undefined);
    return loaded;
  }

  async #loadHere(requests: readonly CaseRequest[]): Promise<LoadedBatch> {
    return loadBatch(this.#dataset, requests, this.#definition.dataRoot);
  }

  async #finishBatch(loading: Promise<LoadedBatch>): Promise<Batch> {
    const { batch, prepared } = await loading;
    for (const { index, items } of prepared) this.#cache.set(index, items);
    return batch;
  }
}

/** How many steps an epoch has is known before the first one, for schedules and for what is left to do. */
function otherLength(found: number, expected: number): FaultError {
  return new FaultError({
    code: 'user-code',
    component: 'DataLoader',
    message: `The plan of this epoch has ${found} batches, and that of the first ${expected}.`,
    allowed: 'as many batches in each epoch',
  });
}
