import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../../trainer/data/tensor.ts';
import { createDataLoader, type DataLoaderOptions } from '../../../trainer/datasets/data-loader.ts';
import type { DatasetDefinition } from '../../../trainer/datasets/dataset.ts';
import type { TransformDefinition } from '../../../trainer/transforms/transform-definition.ts';
import { locateUserClass } from '../../../trainer/user-code/locate-user-class.ts';
import { makeScratchFolder } from '../data/scratch-folder.ts';
import { cropTransforms, loadTransforms, makeCases } from './make-cases.ts';

const folder = makeScratchFolder();
const cases = makeCases(folder, 4);
const options: DataLoaderOptions = {
  batch_size: 1,
  shuffle: false,
  num_workers: 2,
  prefetch_factor: 2,
  drop_last: false,
  seed: 5,
};

/** Threads of this process, as the kernel counts them; undefined where it does not say. */
async function countThreads(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const { readdirSync } = await import('node:fs');
  return readdirSync('/proc/self/task').length;
}

describe('threads', () => {
  test('end when the loader is disposed', async () => {
    const before = await countThreads();
    const loader = await createDataLoader({ ...cases, transforms: cropTransforms, cachedCount: 4 }, options);
    for await (const _ of loader.iterate(1));
    const during = await countThreads();
    await loader[Symbol.asyncDispose]();
    const after = await countThreads();
    if (before !== undefined) {
      expect(during).toBeGreaterThanOrEqual(before + 2);
      expect(after).toBeLessThan(during!);
    }
  });

  test('what is under way when the loader is disposed fails, and nothing is started any more', async () => {
    const loader = await createDataLoader({ ...cases, transforms: cropTransforms, cachedCount: 0 }, options);
    const batches = loader.iterate(1);
    await batches.next();
    const next = batches.next().then(
      () => 'loaded before the end',
      (error: unknown) => error,
    );
    await loader[Symbol.asyncDispose]();
    expect([await next].every((end) => end === 'loaded before the end' || end instanceof Error)).toBe(true);
    await expect(loader.iterate(2).next()).rejects.toThrow('disposed');
  });

  test('a reader that stops in the middle leaves the loader usable', async () => {
    await using loader = await createDataLoader(
      { ...cases, transforms: cropTransforms, cachedCount: 0 },
      options,
    );
    for await (const _ of loader.iterate(1)) break;
    let count = 0;
    for await (const _ of loader.iterate(1)) count++;
    expect(count).toBe(4);
  });

  test('do not keep a process alive that forgets its loader', () => {
    const program = join(folder, 'forgets.ts');
    const source = join(import.meta.dirname, '..', '..', '..', 'trainer', 'datasets', 'data-loader.ts');
    const definition: DatasetDefinition = { ...cases, transforms: loadTransforms, cachedCount: 0 };
    writeFileSync(
      program,
      `import { createDataLoader } from ${JSON.stringify(source)};
      const loader = await createDataLoader(${JSON.stringify(definition)}, ${JSON.stringify(options)});
      let count = 0;
      for await (const _ of loader.iterate(1)) count++;
      console.log(count);`,
    );
    expect(execFileSync(process.execPath, [program], { encoding: 'utf8', timeout: 20_000 }).trim()).toBe('4');
  });
});

describe("a transform of the user's own", () => {
  mkdirSync(join(folder, 'custom'));
  writeFileSync(
    join(folder, 'custom', 'myTransformation.ts'),
    `export class MyRandAdditiveNoised {
      constructor({ keys, prob = 0.1, max_add = 0.4 }, { createRandomState, createTensor }) {
        Object.assign(this, { keys, prob, maxAdd: max_add, createRandomState, createTensor });
        this.random = createRandomState(0);
      }
      setRandomState(seed) { this.random = this.createRandomState(seed); }
      apply(item) {
        if (this.random.random() >= this.prob) return item;
        const { shape, data } = item[this.keys];
        return { ...item, [this.keys]: this.createTensor(shape, data.map((value) => value + this.random.random() * this.maxAdd)) };
      }
    }
    export class Broken {
      apply(item) { throw new Error('no idea what ' + item.name + ' is'); }
    }
    export class Defective {
      apply(item) { return { ...item, image: { shape: [1], data: item.image.data } }; }
    }`,
  );
  const userClass = (className: string): TransformDefinition => ({
    name: className,
    args: { keys: 'image', prob: 0.5, max_add: 0.4 },
    userClass: locateUserClass(`myTransformation.${className}`, folder),
  });

  async function imagesOf(
    num_workers: number,
    transforms: readonly TransformDefinition[],
  ): Promise<number[][]> {
    const definition = { ...cases, transforms, cachedCount: 4 };
    await using loader = await createDataLoader(definition, { ...options, num_workers });
    const images: number[][] = [];
    for await (const { items } of loader.iterate(1)) images.push([...(items[0].image as Tensor).data]);
    return images;
  }

  test('is random, seeded, and the same in every thread', async () => {
    const transforms = [...loadTransforms, userClass('MyRandAdditiveNoised')];
    const inThreads = await imagesOf(2, transforms);
    expect(await imagesOf(0, transforms)).toEqual(inThreads);
    const plain = await imagesOf(0, loadTransforms);
    const changed = inThreads.map((image, index) =>
      Math.max(...image.map((value, at) => value - plain[index][at])),
    );
    expect(changed.some((largest) => largest > 0.39 && largest < 0.4001)).toBe(true);
    expect(changed.some((largest) => largest === 0)).toBe(true);
  });

  test.each([0, 2])('that fails is a fault that names it (%i workers)', async (num_workers) => {
    await expect(imagesOf(num_workers, [...loadTransforms, userClass('Broken')])).rejects.toMatchObject({
      faults: [
        {
          code: 'user-code',
          component: 'Broken',
          message: expect.stringContaining('no idea what case 0 is'),
        },
      ],
    });
  });

  test('that is not there is a fault before anything is loaded', async () => {
    await expect(imagesOf(2, [userClass('Missing')])).rejects.toMatchObject({
      faults: [{ code: 'user-code' }],
    });
  });
});
