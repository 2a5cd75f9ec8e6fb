import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import type { ImageMeta, Item } from '../../../trainer/data/item.ts';
import type { Tensor } from '../../../trainer/data/tensor.ts';
import type { Batch, DataLoader } from '../../../trainer/datasets/batch.ts';
import { createDataLoader, type DataLoaderOptions } from '../../../trainer/datasets/data-loader.ts';
import { countCached, type DatasetDefinition } from '../../../trainer/datasets/dataset.ts';
import { makeScratchFolder } from '../data/scratch-folder.ts';
import { cropTransforms, loadTransforms, makeCases } from './make-cases.ts';

const folder = makeScratchFolder();
const cases = makeCases(folder, 7);
const plain: DataLoaderOptions = {
  batch_size: 2,
  shuffle: false,
  num_workers: 0,
  prefetch_factor: 2,
  drop_last: false,
  seed: 11,
};
const whole: DatasetDefinition = { ...cases, transforms: loadTransforms, cachedCount: 0 };
const patches: DatasetDefinition = { ...cases, transforms: cropTransforms, cachedCount: 0 };

async function collect(loader: DataLoader, epoch: number): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of loader.iterate(epoch)) batches.push(batch);
  return batches;
}

const numbersOf = (batches: readonly Batch[]): number[][] =>
  batches.map(({ fields }) => [...fields.image.data]);
const namesOf = (batches: readonly Batch[]): unknown[] =>
  batches.flatMap(({ items }) => items.map(({ name }) => name));

describe.each([0, 2])('batches with %i workers', (num_workers) => {
  test('in order, the last one smaller; items are windows of the fields', async () => {
    await using loader = await createDataLoader(whole, { ...plain, num_workers, batch_size: 3 });
    expect([loader.caseCount, loader.batchCount]).toEqual([7, 3]);
    const batches = await collect(loader, 1);
    expect(batches.map(({ fields }) => fields.image.shape)).toEqual([
      [3, 1, 8, 9, 10],
      [3, 1, 8, 9, 10],
      [1, 1, 8, 9, 10],
    ]);
    expect(namesOf(batches)).toEqual(Array.from({ length: 7 }, (_, index) => `case ${index}`));
    const [{ fields, items }] = batches;
    const second = items[1].image as Tensor;
    expect(second.shape).toEqual([1, 8, 9, 10]);
    expect(second.data[0]).toBe(2);
    expect(second.data.buffer).toBe(fields.image.data.buffer);
    expect(Object.keys(fields).sort()).toEqual(['image', 'label']);
    expect((items[1].image_meta_dict as ImageMeta).fileName).toBe(cases.items[1].image);
  });

  test('as a plan says, and a case that comes again is drawn anew', async () => {
    const plan = (epoch: number) => [[0, 0], [epoch]];
    await using loader = await createDataLoader(patches, { ...plain, num_workers, plan });
    expect(loader.batchCount).toBe(2);
    const batches = await collect(loader, 3);
    expect(namesOf(batches)).toEqual([0, 0, 0, 0, 3, 3].map((index) => `case ${index}`));
    const [{ items }] = batches;
    const [first, , third] = items.map(({ image }) => [...(image as Tensor).data]);
    expect(third).not.toEqual(first);
    expect(numbersOf(await collect(loader, 3))).toEqual(numbersOf(batches));
    const changing = { ...plain, plan: (epoch: number) => Array.from({ length: epoch }, () => [0]) };
    await using other = await createDataLoader(whole, changing);
    await expect(collect(other, 2)).rejects.toThrow(/has 2 batches, and that of the first 1/);
  });

  test('every patch of a case is an item of the batch', async () => {
    await using loader = await createDataLoader(patches, { ...plain, num_workers });
    const batches = await collect(loader, 1);
    expect(batches.map(({ fields }) => fields.image.shape[0])).toEqual([4, 4, 4, 2]);
    const { items } = batches[0];
    expect(items.map(({ image_meta_dict: meta }) => (meta as ImageMeta).patchIndex)).toEqual([0, 1, 0, 1]);
    expect((items[0].image_transforms as readonly object[]).length).toBeGreaterThan(0);
  });

  test('drop_last leaves the smaller batch out', async () => {
    await using loader = await createDataLoader(whole, { ...plain, num_workers, drop_last: true });
    expect(loader.batchCount).toBe(3);
    expect(await collect(loader, 1)).toHaveLength(3);
  });

  test('a case that cannot be read is a fault that names its file from the data root', async () => {
    const broken = makeCases(join(folder, `broken${num_workers}`), 3);
    rmSync(broken.items[2].label as string);
    await using loader = await createDataLoader({ ...whole, ...broken }, { ...plain, num_workers });
    const batches = loader.iterate(1);
    expect((await batches.next()).done).toBe(false);
    const failure = await batches.next().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(FaultError);
    expect((failure as FaultError).faults).toEqual([
      { code: 'image-missing', file: 'labelsTr/case2.nii', message: 'There is no such image file.' },
    ]);
    expect((failure as FaultError).message).not.toContain(folder);
  });

  test('cases of different size cannot be one batch', async () => {
    const transforms = [
      ...loadTransforms,
      { name: 'RandSpatialCropd', args: { keys: ['image', 'label'], roi_size: 3 } },
    ];
    await using loader = await createDataLoader(
      { ...whole, transforms },
      { ...plain, num_workers, batch_size: 7 },
    );
    await expect(collect(loader, 1)).rejects.toMatchObject({
      faults: [
        { code: 'image-size-mismatch', component: 'DataLoader', argument: 'batch_size', file: /^imagesTr\// },
      ].map((fault) =>
        expect.objectContaining({ ...fault, file: expect.stringMatching(fault.file) as string }),
      ),
    });
  });
});

describe('the same seed gives the same batches', { timeout: 60_000 }, () => {
  async function epochs(num_workers: number, cachedCount: number, seed = 11): Promise<number[][][]> {
    const options = { ...plain, num_workers, seed, shuffle: true };
    await using loader = await createDataLoader({ ...patches, cachedCount }, options);
    return [numbersOf(await collect(loader, 1)), numbersOf(await collect(loader, 2))];
  }

  test('with any number of workers, with and without a cache', async () => {
    const expected = await epochs(0, 0);
    expect(await epochs(0, 5)).toEqual(expected);
    expect(await epochs(1, 7)).toEqual(expected);
    expect(await epochs(3, 4)).toEqual(expected);
    expect(await epochs(0, 0, 12)).not.toEqual(expected);
  });

  test('epochs differ, and do not depend on those before', async () => {
    const [first, second] = await epochs(0, 0);
    expect(first).not.toEqual(second);
    await using loader = await createDataLoader(patches, { ...plain, shuffle: true });
    expect(numbersOf(await collect(loader, 2))).toEqual(second);
    expect(numbersOf(await collect(loader, 1))).toEqual(first);
  });

  test('shuffled epochs have every case once', async () => {
    await using loader = await createDataLoader(whole, { ...plain, shuffle: true });
    const orders = [namesOf(await collect(loader, 1)), namesOf(await collect(loader, 2))];
    for (const order of orders) expect(new Set(order).size).toBe(7);
    expect(orders[0]).not.toEqual(orders[1]);
    expect(orders[0]).not.toEqual(cases.items.map(({ name }) => name));
  });
});

describe('the cache', () => {
  test.each([0, 2])(
    'keeps cases in memory: their files are not needed again (%i workers)',
    async (num_workers) => {
      const own = makeCases(join(folder, `cached${num_workers}`), 4);
      await using loader = await createDataLoader(
        { ...patches, ...own, cachedCount: 3 },
        { ...plain, num_workers },
      );
      const before = numbersOf(await collect(loader, 1));
      for (const { image } of own.items.slice(0, 3)) rmSync(image as string);
      expect(numbersOf(await collect(loader, 1))).toEqual(before);
      rmSync(own.items[3].image as string);
      await expect(collect(loader, 1)).rejects.toThrow('imagesTr/case3.nii');
    },
  );

  test('holds min(cache_num, floor(cases * cache_rate)) cases', () => {
    expect(countCached(8, { cache_num: 4, cache_rate: 1 })).toBe(4);
    expect(countCached(8, { cache_num: Number.MAX_SAFE_INTEGER, cache_rate: 0.49 })).toBe(3);
    expect(countCached(8, { cache_num: Number.MAX_SAFE_INTEGER, cache_rate: 1 })).toBe(8);
    expect(countCached(8, { cache_num: 0, cache_rate: 1 })).toBe(0);
  });
});

describe('building', () => {
  test('a data set without cases is refused', async () => {
    await expect(createDataLoader({ ...whole, items: [] }, plain)).rejects.toThrow('no cases');
  });

  test('wrong transforms are refused before anything is loaded', async () => {
    const transforms = [{ name: 'LoadImaged', args: { key: 'image' } }];
    await expect(createDataLoader({ ...whole, transforms }, { ...plain, num_workers: 2 })).rejects.toThrow(
      FaultError,
    );
  });

  test('a label of another size than its image is a fault', async () => {
    const transforms = [
      ...loadTransforms,
      { name: 'SpatialPadd', args: { keys: 'label', spatial_size: 16 } },
    ];
    await using loader = await createDataLoader({ ...whole, transforms }, plain);
    await expect(collect(loader, 1)).rejects.toMatchObject({
      faults: [
        {
          code: 'image-size-mismatch',
          file: 'labelsTr/case0.nii',
          message: expect.stringContaining('16 x 16 x 16'),
        },
      ],
    });
  });

  test('images alone are enough', async () => {
    const items: Item[] = cases.items.map(({ image }) => ({ image }));
    const transforms = [{ name: 'LoadImaged', args: { keys: 'image' } }];
    await using loader = await createDataLoader(
      { dataRoot: folder, items, transforms, cachedCount: 0 },
      plain,
    );
    expect(Object.keys((await collect(loader, 1))[0].fields)).toEqual(['image']);
  });
});
