import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDataList, type DataListRequest, type MadeDataList } from '../../../main/mmar/make-data-list.ts';
import { pairFiles } from '../../../main/mmar/pair-files.ts';
import { splitCases } from '../../../common/mmar/split-cases.ts';
import { faultsOf } from './archive/archived-mmar.ts';
import { volume } from './check/tiny-mmar.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-datalist-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, shape = [4, 4, 3], valueAt: (at: number) => number = (at) => at % 3): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  const bytes = volume(shape, valueAt);
  writeFileSync(join(root, file), file.endsWith('.gz') ? gzipSync(bytes) : bytes);
}

function writeCases(count: number, images = 'images', labels = 'labels'): void {
  for (let number = 1; number <= count; number++) {
    write(`${images}/case_${number}.nii.gz`);
    write(`${labels}/case_${number}.nii.gz`);
  }
}

const make = (more: Partial<DataListRequest> = {}): Promise<MadeDataList> =>
  makeDataList({ folder: root, ...more });

describe('a data list of a folder', () => {
  it('has the pairs, their classes and a split that it records', async () => {
    writeCases(10);
    const made = await make({ seed: 7, validation: 0.2, test: 0.1, name: 'Phantoms' });
    expect(made).toMatchObject({
      file: join(root, 'dataset.json'),
      counts: { training: 7, validation: 2, test: 1 },
      classes: 3,
      warnings: [],
    });
    const list = JSON.parse(readFileSync(made.file, 'utf8')) as Record<
      string,
      { image: string; label: string }[]
    >;
    expect(list).toMatchObject({
      name: 'Phantoms',
      labels: { 0: 'background', 1: 'class 1', 2: 'class 2' },
      split: { seed: 7, validation: 0.2, test: 0.1, images: 'images', labels: 'labels' },
      numTraining: 7,
    });
    const all = [...list.training!, ...list.validation!, ...list.test!];
    expect(all.map(({ image }) => image).toSorted()).toEqual(
      Array.from({ length: 10 }, (_, index) => `images/case_${index + 1}.nii.gz`).toSorted(),
    );
    for (const { image, label } of all) expect(label).toBe(image.replace('images', 'labels'));
  });

  it('is the same for the same seed, and another for another', async () => {
    writeCases(12);
    const texts = [];
    for (const seed of [3, 3, 4])
      texts.push(JSON.stringify((await make({ seed, replace: true })).list.validation));
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);
  });

  it('may have images and labels in one folder', async () => {
    for (const name of ['a', 'b', 'c']) {
      write(`${name}.nii.gz`);
      write(`${name}_seg.nii.gz`);
    }
    expect((await make()).list.validation).toHaveLength(1);
  });

  it('may have several channels per case, as nnU-Net names them', async () => {
    for (const name of ['a', 'b']) {
      write(`imagesTr/${name}_0000.nii.gz`);
      write(`imagesTr/${name}_0001.nii.gz`);
      write(`labelsTr/${name}.nii.gz`);
    }
    expect((await make({ validation: 0 })).list.training).toEqual(
      ['a', 'b'].map((name) => ({
        image: [`imagesTr/${name}_0000.nii.gz`, `imagesTr/${name}_0001.nii.gz`],
        label: `labelsTr/${name}.nii.gz`,
      })),
    );
  });

  it('warns of empty labels, missing classes and too few cases', async () => {
    write('images/a.nii');
    write('labels/a.nii', [4, 4, 3], (at) => (at % 2 === 0 ? 0 : 3));
    write('images/b.nii');
    write('labels/b.nii', [4, 4, 3], () => 0);
    const { warnings, classes } = await make();
    expect(classes).toBe(4);
    expect(warnings.map(({ code, file, message }) => [code, file ?? message])).toEqual([
      ['label-empty', 'labels/b.nii'],
      ['label-values', 'No label holds class 1.'],
      ['label-values', 'No label holds class 2.'],
    ]);
    rmSync(join(root, 'images/b.nii'));
    rmSync(join(root, 'labels/b.nii'));
    const one = await make({ replace: true });
    expect(one.counts).toEqual({ training: 1, validation: 0, test: 0 });
    expect(one.warnings.at(-1)).toMatchObject({
      message: 'There are too few cases, or patients, for a validation.',
    });
  });
});

describe('a data list is refused, and nothing written', () => {
  async function refusal(more: Partial<DataListRequest> = {}): Promise<readonly unknown[]> {
    const faults = await faultsOf(make(more));
    if (more.file === undefined) expect(existsSync(join(root, 'dataset.json'))).toBe(false);
    return faults.map(({ code, file, message }) => [code, file, message]);
  }

  it('for images and labels without a partner, each by its name', async () => {
    writeCases(2);
    write('images/lonely.nii.gz');
    write('labels/stray.nii.gz');
    write('labels/case_1_seg.nii.gz');
    expect(await refusal()).toEqual([
      ['data-list', 'images/lonely.nii.gz', 'The image has no label in labels.'],
      ['data-list', 'labels/stray.nii.gz', 'The label has no image in images.'],
      ['data-list', 'labels/case_1_seg.nii.gz', 'Another label has the name of the same case.'],
    ]);
  });

  it('for images and labels of different size', async () => {
    writeCases(2);
    write('labels/case_2.nii.gz', [4, 5, 3]);
    expect(await refusal()).toEqual([
      [
        'image-size-mismatch',
        'images/case_2.nii.gz',
        'It has 4 x 4 x 3 voxels, labels/case_2.nii.gz has 4 x 5 x 3.',
      ],
    ]);
  });

  it('without labels, without images, without the folders', async () => {
    write('images/a.nii');
    mkdirSync(join(root, 'labels'));
    expect(await refusal()).toEqual([['data-list-empty', 'labels', 'The folder holds no labels.']]);
    expect(await refusal({ images: 'labels' })).toEqual([
      ['data-list-empty', 'labels', 'The folder holds no images.'],
    ]);
    expect(await refusal({ images: 'x', labels: 'y' })).toEqual([
      ['file-missing', 'x', 'The folder of the images is not there.'],
      ['file-missing', 'y', 'The folder of the labels is not there.'],
    ]);
    expect(await refusal({ folder: join(root, 'gone') })).toEqual([
      ['file-missing', 'gone', 'There is no such folder.'],
    ]);
  });

  it('for labels that hold nothing, or no class numbers', async () => {
    write('images/a.nii');
    write('labels/a.nii', [4, 4, 3], () => 0);
    expect(await refusal()).toEqual([['label-empty', undefined, 'No label holds anything but background.']]);
    write('labels/a.nii', [4, 4, 3], () => 1000);
    expect(await refusal()).toEqual([['label-values', 'labels/a.nii', 'The label holds the value 1000.']]);
  });

  it('for files that cannot be read', async () => {
    writeCases(1);
    writeFileSync(join(root, 'images/case_1.nii.gz'), 'no image');
    expect(await refusal()).toEqual([['image-unreadable', 'images/case_1.nii.gz', expect.any(String)]]);
    write('images/case_1.nii.gz');
    const label = join(root, 'labels/case_1.nii.gz');
    writeFileSync(label, readFileSync(label).subarray(0, -12));
    expect(await refusal()).toEqual([['image-truncated', 'labels/case_1.nii.gz', expect.any(String)]]);
  });

  it('for shares that leave nothing, and where a list stands', async () => {
    writeCases(2);
    expect(await refusal({ validation: 0.7, test: 0.3 })).toEqual([
      ['usage', undefined, expect.stringMatching(/nothing to train on/)],
    ]);
    expect(await refusal({ validation: -0.1 })).toEqual([
      ['usage', undefined, expect.stringMatching(/nothing to train on/)],
    ]);
    const file = join(root, 'mine.json');
    writeFileSync(file, '{}');
    expect(await refusal({ file })).toEqual([['already-exists', 'mine.json', expect.any(String)]]);
    expect(readFileSync(file, 'utf8')).toBe('{}');
  });
});

describe('pairs', () => {
  it('are by name: a name that ends like a channel and has a label is a case of its own', () => {
    const named = (path: string) => ({ path, name: path.split('/').at(-1)! });
    const images = ['i/a_0001.nii', 'i/b.nii'].map(named);
    const labels = ['l/a_0001.nii', 'l/b_mask.nii.gz'].map(named);
    expect(pairFiles(images, labels).cases).toEqual([
      { name: 'a_0001', images: ['i/a_0001.nii'], label: 'l/a_0001.nii' },
      { name: 'b', images: ['i/b.nii'], label: 'l/b_mask.nii.gz' },
    ]);
  });
});

describe('a split', () => {
  it.each([
    [10, 0.2, 0, [8, 2, 0]],
    [3, 0.1, 0.1, [1, 1, 1]],
    [2, 0.5, 0.4, [1, 1, 0]],
    [1, 0.9, 0, [1, 0, 0]],
    [100, 0.25, 0.15, [60, 25, 15]],
  ])('of %i cases by %f and %f', (count, validation, test, sizes) => {
    const cases = Array.from({ length: count }, (_, index) => index);
    const split = splitCases(cases, { validation, test }, 5);
    expect([split.training.length, split.validation.length, split.test.length]).toEqual(sizes);
    expect([...split.training, ...split.validation, ...split.test].toSorted((a, b) => a - b)).toEqual(cases);
  });
});
