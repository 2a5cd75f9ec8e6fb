import { z } from 'zod';
import type { ComponentArgs, ComponentSpec } from './component-spec.ts';
import { referenceArgument } from './reference-argument.ts';

const transform = referenceArgument('the transforms that every case goes through, `@pre_transforms`');
const data = referenceArgument('the cases; filled from the data list that the config names beside `args`');

export const datasetSpec = {
  kind: 'dataset',
  name: 'Dataset',
  aliases: [],
  summary: 'Reads and transforms every case anew each time it is needed.',
  source: 'monai.data.Dataset (0.8.1)',
  args: z.strictObject({ data, transform }),
} satisfies ComponentSpec;

export const cacheDatasetSpec = {
  kind: 'dataset',
  name: 'CacheDataset',
  aliases: [],
  summary: 'Keeps cases in memory as they are after all transforms before the first random one.',
  source: 'monai.data.CacheDataset (0.8.1)',
  args: z.strictObject({
    data,
    transform,
    cache_num: z
      .int()
      .min(0)
      .default(Number.MAX_SAFE_INTEGER)
      .describe('most cases that are kept; those beyond are read anew each time'),
    cache_rate: z.number().min(0).max(1).default(1).describe('share of the cases that is kept'),
    num_workers: z.int().min(0).nullish().describe('accepted; the workers of the DataLoader fill the cache'),
    progress: z.boolean().default(true).describe('accepted; no bar is printed'),
    copy_cache: z.boolean().default(true).describe('accepted; cached cases cannot be changed here'),
    as_contiguous: z.boolean().default(true).describe('accepted; arrays always are contiguous here'),
    hash_as_key: z
      .boolean()
      .default(false)
      .describe('accepted; every case is cached by its place in the list'),
  }),
} satisfies ComponentSpec;

export const dataLoaderSpec = {
  kind: 'dataloader',
  name: 'DataLoader',
  aliases: [],
  summary: 'Puts cases together to batches, in order or shuffled, with worker threads that work ahead.',
  source: 'monai.data.DataLoader (0.8.1), torch.utils.data.DataLoader',
  args: z.strictObject({
    dataset: referenceArgument('the data set, `@dataset`'),
    batch_size: z
      .int()
      .positive()
      .default(1)
      .describe('cases per batch; a case that is cropped to n patches counts once and gives n'),
    shuffle: z.boolean().default(false).describe('a new random order each epoch'),
    num_workers: z.int().min(0).default(0).describe('threads that read and transform; 0 for none'),
    prefetch_factor: z.int().positive().default(2).describe('batches that are prepared ahead per worker'),
    drop_last: z.boolean().default(false).describe('leave out a last batch that is smaller'),
    pin_memory: z.boolean().default(false).describe('accepted; without effect'),
    persistent_workers: z.boolean().default(true).describe('accepted; workers live as long as the loader'),
  }),
} satisfies ComponentSpec;

export type DatasetArgs = ComponentArgs<typeof datasetSpec>;
export type CacheDatasetArgs = ComponentArgs<typeof cacheDatasetSpec>;
export type DataLoaderArgs = ComponentArgs<typeof dataLoaderSpec>;

export const datasetSpecs: readonly ComponentSpec[] = [datasetSpec, cacheDatasetSpec];
export const dataLoaderSpecs: readonly ComponentSpec[] = [dataLoaderSpec];
