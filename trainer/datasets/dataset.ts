import type { CacheDatasetArgs } from '../../common/components/datasets.ts';
import type { CaseList } from '../data/load-data-list.ts';
import { locatingFaults } from '../data/locate-faults.ts';
import type { Item } from '../data/item.ts';
import { buildTransforms, type TransformDefinition } from '../transforms/transform-definition.ts';
import type { Compose } from '../transforms/compose.ts';

/** Cases and what is done to them, as plain data: MONAI's `Dataset`, or its `CacheDataset` when `cachedCount` is above 0. */
export interface DatasetDefinition extends CaseList {
  readonly transforms: readonly TransformDefinition[];
  /** The first so many cases are kept in memory as they are before the first random transform. */
  readonly cachedCount: number;
}

/** How many cases a CacheDataset of `caseCount` cases keeps. */
export function countCached(
  caseCount: number,
  { cache_num: cacheNum, cache_rate: cacheRate }: Pick<CacheDatasetArgs, 'cache_num' | 'cache_rate'>,
): number {
  return Math.min(cacheNum, Math.floor(caseCount * cacheRate), caseCount);
}

/** A data set whose transforms are built. */
export class Dataset {
  readonly #definition: DatasetDefinition;
  readonly #transforms: Compose;

  constructor(definition: DatasetDefinition, transforms: Compose) {
    this.#definition = definition;
    this.#transforms = transforms;
  }

  static async build(definition: DatasetDefinition): Promise<Dataset> {
    return new Dataset(definition, await buildTransforms(definition.transforms));
  }

  /** Whether case `index` is one that is kept in memory. */
  isCached(index: number): boolean {
    return index < this.#definition.cachedCount;
  }

  /** Case `index` after all transforms before the first random one: the same each time. */
  prepare(index: number): readonly Item[] {
    return locatingFaults(this.#definition.dataRoot, () =>
      this.#transforms.apply(this.#definition.items[index], 0, this.#transforms.fixedCount),
    );
  }

  /** A prepared case after the other transforms, whose random numbers all follow from `seed`. */
  finish(prepared: readonly Item[], seed: number): readonly Item[] {
    return locatingFaults(this.#definition.dataRoot, () => {
      this.#transforms.setRandomState(seed);
      return this.#transforms.apply(prepared, this.#transforms.fixedCount);
    });
  }
}
