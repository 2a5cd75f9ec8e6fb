import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import { isAllClose } from '../../../common/imaging/affine.ts';
import { parseNiftiHeader } from '../../../common/imaging/nifti-header.ts';
import type { ImageMeta, Item } from '../../../trainer/data/item.ts';
import { readImage } from '../../../trainer/data/read-image.ts';
import { createTensor, type Tensor } from '../../../trainer/data/tensor.ts';
import { Compose } from '../../../trainer/transforms/compose.ts';
import { buildTransform } from '../../../trainer/transforms/registry.ts';
import { sampleItem } from './sample-item.ts';
import { differenceOf, type TensorStatistics } from './tensor-statistics.ts';

interface Saved {
  readonly files: readonly string[];
  readonly data: TensorStatistics;
  readonly affine: readonly number[];
  readonly dtype: string;
}

interface Numbers {
  readonly transformed: TensorStatistics;
  readonly nearest: { readonly pred: TensorStatistics; readonly affine: readonly number[] };
  readonly linear: { readonly pred: TensorStatistics; readonly affine: readonly number[] };
  readonly saved: Saved;
  readonly savedResampled: Saved;
  readonly savedNearest: Saved;
}

const file = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/monai/hippocampus/${name}`, import.meta.url));
const numbers = JSON.parse(readFileSync(file('inverted.json'), 'utf8')) as Numbers;
const keys = ['image', 'label'];
const paths: Item = { image: file('hippocampus_001.nii.gz'), label: file('hippocampus_001_label.nii.gz') };

const toGrid = [
  buildTransform('LoadImaged', { keys }),
  buildTransform('EnsureChannelFirstd', { keys }),
  buildTransform('Orientationd', { keys, axcodes: 'PLI' }),
  buildTransform('Spacingd', { keys, pixdim: [1.313, 0.831, 1.171], mode: ['bilinear', 'nearest'] }),
];

function transformCase(): Item {
  const chain = new Compose([
    ...toGrid,
    buildTransform('CropForegroundd', { keys, source_key: 'label', margin: 3, k_divisible: 4 }),
    buildTransform('SpatialPadd', { keys, spatial_size: [48, 20, -1] }),
    buildTransform('CenterSpatialCropd', { keys, roi_size: [44, 19, 100] }),
    buildTransform('RandFlipd', { keys, prob: 1, spatial_axis: [0, 2] }),
    buildTransform('RandRotate90d', { keys, prob: 1, spatial_axes: [0, 1] }),
    buildTransform('RandZoomd', { keys, prob: 0 }),
    buildTransform('ToTensord', { keys }),
  ]);
  chain.setRandomState(3);
  const [item] = chain.apply(paths);
  return item;
}

/** Two channels: the image, and a linear function of it. */
function predict(image: Tensor, second: (value: number) => number): Tensor {
  return createTensor(
    [2, ...image.shape.slice(1)],
    Float32Array.from([...image.data, ...image.data.map(second)]),
  );
}

function run(item: Item, name: string, args: Record<string, unknown>): Item {
  return new Compose([buildTransform(name, args)]).apply(item)[0];
}

const transformed = transformCase();

describe('Invertd', () => {
  test('the chain that is undone is that of MONAI', () => {
    expect(differenceOf(transformed.image as Tensor, numbers.transformed)).toBeLessThan(1e-6);
  });

  test.each([
    ['nearest', true],
    ['linear', false],
  ] as const)('undoes all of it, %s', (name, nearest_interp) => {
    const pred = predict(transformed.image as Tensor, (value) => value * 0.5 + 3);
    const args = {
      keys: 'pred',
      transform: '@pre_transforms',
      orig_keys: 'image',
      nearest_interp,
      meta_keys: 'pred_meta_dict',
    };
    const item = run({ ...transformed, pred }, 'Invertd', { ...args, device: 'cuda' });
    expect((item.pred as Tensor).shape).toEqual([2, 35, 51, 35]);
    expect(differenceOf(item.pred as Tensor, numbers[name].pred)).toBeLessThan(1e-6);
    expect((item.pred_meta_dict as ImageMeta).affine).toEqual(numbers[name].affine);
    expect((item.image as Tensor).shape).toEqual((transformed.image as Tensor).shape);
  });

  test('a label comes back to almost the same voxels', () => {
    const args = { keys: 'pred', orig_keys: 'label' };
    const { pred } = run({ ...transformed, pred: transformed.label }, 'Invertd', args);
    const original = readImage(file('hippocampus_001_label.nii.gz')).voxels.data;
    const same = (pred as Tensor).data.filter((value, index) => value === original[index]).length;
    expect(same / original.length).toBeGreaterThan(0.985);
  });

  test('a patch goes back to its place, with zeros around', () => {
    const crop = buildTransform('RandCropByPosNegLabeld', {
      keys,
      label_key: 'label',
      spatial_size: [4, 4, 4],
    });
    const source = sampleItem([1, 7, 8, 9]);
    const [patch] = new Compose([crop]).apply(source);
    const { pred } = run({ ...patch, pred: patch.image }, 'Invertd', { keys: 'pred', orig_keys: 'image' });
    const original = (source.image as Tensor).data;
    const placed = (pred as Tensor).data;
    expect(placed.length).toBe(original.length);
    const kept = placed.filter((value, index) => value !== 0 && value === original[index]).length;
    expect(kept).toBe(64);
    expect(placed.filter((value) => value !== 0).length).toBe(64);
  });

  test('a zoomed and resized image gets its size back', () => {
    const source = sampleItem([1, 7, 8, 9]);
    const chain = new Compose([
      buildTransform('Resized', { keys, spatial_size: [14, 16, 18], mode: 'nearest' }),
      buildTransform('RandZoomd', { keys, prob: 1, min_zoom: 0.5, max_zoom: 0.5, mode: 'nearest' }),
    ]);
    const [item] = chain.apply(source);
    const { pred } = run({ ...item, pred: item.image }, 'Invertd', { keys: 'pred', orig_keys: 'image' });
    expect(pred).toEqual(source.image);
  });
});

describe('SaveImaged', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outerloop-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let runs = 0;

  function expectSaved(item: Item, args: Record<string, unknown>, expected: Saved): void {
    const output_dir = join(folder, `run${runs++}`);
    const same = run(item, 'SaveImaged', { keys: 'pred', meta_keys: 'pred_meta_dict', output_dir, ...args });
    expect(same).toBe(item);
    const files = readdirSync(output_dir, { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => entry.isFile()).map((entry) => entry.name)).toEqual([
      expected.files[0].split('/').at(-1),
    ]);
    const { voxels, meta } = readImage(join(output_dir, expected.files[0]));
    expect(differenceOf(voxels, expected.data)).toBeLessThan(1e-6);
    expect(isAllClose(meta.affine, expected.affine, 1e-6)).toBe(true);
    if (expected.files[0].endsWith('.nii')) {
      const header = unwrap(parseNiftiHeader(readFileSync(join(output_dir, expected.files[0]))));
      expect(header.voxelType).toBe(expected.dtype);
    }
  }

  test('after Invertd, as it is', () => {
    const inverted = run({ ...transformed, pred: transformed.image }, 'Invertd', {
      keys: 'pred',
      orig_keys: 'image',
      nearest_interp: false,
    });
    expectSaved(inverted, { resample: false }, numbers.saved);
  });

  test('without it: turned and interpolated back to the grid of the file', () => {
    const [item] = new Compose(toGrid).apply(paths);
    const pred = predict(item.image as Tensor, (value) => value * 2);
    const spaced = { ...item, pred, pred_meta_dict: item.image_meta_dict };
    const args = { mode: 'bilinear', output_postfix: 'seg', separate_folder: false, output_ext: '.nii' };
    expectSaved(spaced, args, numbers.savedResampled);
    expectSaved(spaced, { mode: 'nearest', output_dtype: 'int16' }, numbers.savedNearest);
  });

  test('patches are numbered, folders below the data root are kept', () => {
    const source = sampleItem([1, 7, 8, 9]);
    const crop = buildTransform('RandCropByPosNegLabeld', {
      keys,
      label_key: 'label',
      spatial_size: 4,
      num_samples: 2,
    });
    const output_dir = join(folder, 'patches');
    const args = {
      keys: 'image',
      output_dir,
      data_root_dir: '/data',
      separate_folder: false,
      resample: false,
    };
    new Compose([crop, buildTransform('SaveImageD', args)]).apply(source);
    const files = readdirSync(join(output_dir, 'imagesTr')).sort();
    expect(files).toEqual(['case_trans_0.nii.gz', 'case_trans_1.nii.gz']);
  });

  test('images without metadata are counted', () => {
    const output_dir = join(folder, 'counted');
    const save = buildTransform('SaveImaged', {
      keys: 'image',
      output_dir,
      separate_folder: false,
      output_postfix: '',
    });
    const { image } = sampleItem([1, 3, 3, 1]);
    save.apply({ image });
    save.apply({ image });
    expect(readdirSync(output_dir).sort()).toEqual(['0.nii.gz', '1.nii.gz']);
    expect(readImage(join(output_dir, '0.nii.gz')).voxels.shape).toEqual([3, 3]);
  });
});
