import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FaultError, type Fault } from '../../../common/fault.ts';
import type { Item } from '../../../trainer/data/item.ts';
import { createTensor } from '../../../trainer/data/tensor.ts';
import { buildTransform } from '../../../trainer/transforms/registry.ts';
import { sampleImage, sampleItem, sampleMeta } from './sample-item.ts';

const keys = ['image', 'label'];

function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    if (error instanceof FaultError) return error.faults[0];
    throw error;
  }
  throw new Error('nothing was thrown');
}

const faultOfApply = (name: string, args: Record<string, unknown>, item: Item): Fault =>
  faultOf(() => buildTransform(name, args).apply(item));

const item = sampleItem([1, 7, 8, 9]);
const zeros = createTensor([1, 7, 8, 9], new Float32Array(504));
const fixture = fileURLToPath(
  new URL('../../fixtures/monai/hippocampus/hippocampus_001.nii.gz', import.meta.url),
);
const labelFile = '/data/labelsTr/case.nii.gz';
const imageFile = '/data/imagesTr/case.nii.gz';

describe('names', () => {
  test.each([
    'Spacingd',
    'SpacingD',
    'SpacingDict',
    'monai.transforms.Spacingd',
    'monai.transforms.spatial.dictionary.SpacingD',
  ])('%s is Spacingd', (name) => {
    expect(buildTransform(name, { keys, pixdim: 1 }).name).toBe('Spacingd');
  });

  test('an unknown one is a fault with the nearest', () => {
    const fault = faultOf(() => buildTransform('Spacngd', { keys }));
    expect(fault).toMatchObject({ code: 'unknown-component', component: 'Spacngd' });
    expect(fault.message).toContain('Spacingd');
  });
});

describe('arguments', () => {
  test.each([
    ['Spacingd', { keys, pixdims: 1, pixdim: 1 }, 'unknown-argument', 'pixdims'],
    ['Spacingd', { keys }, 'missing-argument', 'pixdim'],
    ['Spacingd', { keys, pixdim: 1, mode: 'cubic' }, 'wrong-argument', 'mode'],
    ['Spacingd', { keys, pixdim: 1, mode: ['bilinear', 'nearest', 'nearest'] }, 'wrong-argument', 'mode'],
    ['Orientationd', { keys, axcodes: 'RAR' }, 'wrong-argument', 'axcodes'],
    ['Orientationd', { keys }, 'missing-argument', 'axcodes'],
    ['Orientationd', { keys, axcodes: 'RAS', labels: [['a', 'b']] }, 'wrong-argument', 'labels'],
    ['RandFlipd', { keys, prob: 1.5 }, 'wrong-argument', 'prob'],
    [
      'RandCropByPosNegLabeld',
      { keys, label_key: 'label', spatial_size: 4, pos: 0, neg: 0 },
      'wrong-argument',
      'pos',
    ],
    ['ScaleIntensityRanged', { keys, a_min: 0, a_max: 1, clip: true }, 'wrong-argument', 'clip'],
    [
      'ScaleIntensityRangePercentilesd',
      { keys, lower: 0, upper: 1, b_min: null, b_max: 1, relative: true },
      'wrong-argument',
      'relative',
    ],
    ['Resized', { keys, spatial_size: [1, 2, 3], size_mode: 'longest' }, 'wrong-argument', 'spatial_size'],
    ['RandZoomd', { keys, min_zoom: [0.9, 0.8], max_zoom: 1.1 }, 'wrong-argument', 'max_zoom'],
    ['AsDiscreted', { keys, to_onehot: true }, 'missing-argument', 'num_classes'],
  ] as const)('%s %j', (name, args, code, argument) => {
    const fault = faultOf(() => buildTransform(name, args));
    expect(fault).toMatchObject({ code, component: name });
    expect(fault.argument?.split('.')[0]).toBe(argument);
  });
});

describe('cases', () => {
  test('a key that a case does not have', () => {
    const fault = faultOfApply('RandFlipd', { keys: 'pred', prob: 1 }, item);
    expect(fault).toMatchObject({ code: 'data-list', component: 'RandFlipd', allowed: 'image, label' });
    const { pred } = buildTransform('RandFlipd', { keys: 'pred', prob: 1, allow_missing_keys: true }).apply(
      item,
    ) as Item;
    expect(pred).toBeUndefined();
  });

  test('an image that was never loaded', () => {
    const fault = faultOfApply('Spacingd', { keys: 'image', pixdim: 1 }, { image: imageFile });
    expect(fault).toMatchObject({
      code: 'data-list',
      file: imageFile,
      message: expect.stringContaining('not been loaded'),
    });
  });

  test('a key that names no file', () => {
    expect(faultOfApply('LoadImaged', { keys: 'label' }, { image: imageFile })).toMatchObject({
      code: 'data-list',
      file: imageFile,
      message: 'The case has no "label".',
    });
    expect(faultOfApply('LoadImaged', { keys: 'label' }, { label: 3 }).message).toContain('names no file');
  });

  test('metadata that is there already, or not at all', () => {
    const withMeta = {
      image: fixture,
      image_meta_dict: item.image_meta_dict,
    };
    expect(faultOfApply('LoadImaged', { keys: 'image' }, withMeta)).toMatchObject({
      argument: 'overwriting',
    });
    expect(buildTransform('LoadImaged', { keys: 'image', overwriting: true }).apply(withMeta)).toBeDefined();
    expect(faultOfApply('EnsureChannelFirstd', { keys: 'image' }, { image: zeros }).argument).toBe(
      'meta_keys',
    );
    const kept = buildTransform('EnsureChannelFirstd', { keys: 'image', strict_check: false }).apply({
      image: zeros,
    });
    expect((kept as Item).image).toBe(zeros);
  });

  test('label and image of different size', () => {
    const odd = { ...item, label: sampleImage([1, 7, 8, 8]) };
    const expected = { code: 'image-size-mismatch', file: labelFile };
    const crop = { keys, label_key: 'label', spatial_size: 4 };
    expect(faultOfApply('RandCropByPosNegLabeld', crop, odd)).toMatchObject({
      ...expected,
      file: imageFile,
      message: '"image" has 7 x 8 x 9 voxels, "label" has 7 x 8 x 8.',
    });
    expect(faultOfApply('CropForegroundd', { keys, source_key: 'image' }, odd)).toMatchObject(expected);
    expect(faultOfApply('RandSpatialCropd', { keys, roi_size: 3 }, odd)).toMatchObject(expected);
  });

  test('no label to crop around', () => {
    const empty = { ...item, label: zeros };
    const crop = { keys, label_key: 'label', spatial_size: 4 };
    expect(faultOfApply('RandCropByPosNegLabeld', { ...crop, neg: 0 }, empty)).toMatchObject({
      code: 'label-empty',
      file: labelFile,
      message: expect.stringContaining('neg is 0'),
    });
    const dark = { ...crop, image_key: 'image', image_threshold: 100 };
    expect(faultOfApply('RandCropByPosNegLabeld', dark, empty)).toMatchObject({
      code: 'label-empty',
      file: labelFile,
    });
    expect(buildTransform('RandCropByPosNegLabeld', crop).apply(empty)).toHaveLength(1);
  });

  test('a patch larger than the volume', () => {
    const crop = { keys, label_key: 'label', spatial_size: [4, 9, 4] };
    const fault = faultOfApply('RandCropByPosNegLabeld', crop, item);
    expect(fault).toMatchObject({ code: 'patch-too-large', file: labelFile, argument: 'spatial_size' });
    expect(fault.message).toBe('The patch of 4 x 9 x 4 voxels is larger than the image of 7 x 8 x 9.');
    expect(fault.allowed).toContain('SpatialPadd');
    expect(faultOfApply('RandSpatialCropd', { keys, roi_size: 8 }, item)).toMatchObject({
      code: 'patch-too-large',
    });
  });

  test('as many sizes as axes', () => {
    const fault = faultOfApply('SpatialPadd', { keys, spatial_size: [4, 4] }, item);
    expect(fault).toMatchObject({
      code: 'wrong-argument',
      component: 'SpatialPadd',
      argument: 'spatial_size',
    });
  });

  test('nothing to crop to', () => {
    const fault = faultOfApply(
      'CropForegroundd',
      { keys: 'image', source_key: 'image' },
      { ...item, image: zeros },
    );
    expect(fault).toMatchObject({ code: 'image-unreadable', file: imageFile, argument: 'source_key' });
    const channel = { keys: 'image', source_key: 'image', channel_indices: [1] };
    expect(faultOfApply('CropForegroundd', channel, item)).toMatchObject({
      argument: 'channel_indices',
      allowed: '0 to 0',
    });
  });

  test('an affine without space, and slices that cannot be turned', () => {
    const meta = sampleMeta([7, 8, 9], new Array<number>(16).fill(0), imageFile);
    expect(
      faultOfApply('Spacingd', { keys: 'image', pixdim: 2 }, { ...item, image_meta_dict: meta }),
    ).toMatchObject({
      code: 'image-unreadable',
      message: expect.stringContaining('do not span space'),
    });
    expect(
      faultOfApply('Orientationd', { keys: 'image', axcodes: 'RAS' }, { image: sampleImage([1, 4, 4]) }),
    ).toMatchObject({
      code: 'image-unreadable',
      message: '"image" has 2 spatial axes.',
    });
  });

  test('class numbers that are none', () => {
    const label = createTensor([1, 1, 1, 3], Float32Array.from([0, 1, 7]));
    expect(faultOfApply('AsDiscreted', { keys: 'label', to_onehot: 3 }, { ...item, label })).toMatchObject({
      code: 'label-values',
      file: labelFile,
      message: '"label" has the value 7, which is none of 3 classes.',
      allowed: '0 to 2',
    });
    const two = sampleImage([2, 2, 2, 2]);
    expect(
      faultOfApply('AsDiscreted', { keys: 'label', to_onehot: 3 }, { ...item, label: two }).message,
    ).toContain('2 channels');
  });

  test('subtrahends and channels that do not fit', () => {
    const perChannel = { keys: 'image', subtrahend: [1, 2] };
    expect(faultOfApply('NormalizeIntensityd', { ...perChannel, channel_wise: true }, item)).toMatchObject({
      argument: 'subtrahend',
    });
    expect(faultOf(() => buildTransform('NormalizeIntensityd', perChannel).apply(item))).toMatchObject({
      argument: 'subtrahend',
    });
    const labels = { keys: 'image', applied_labels: 3, is_onehot: true };
    expect(faultOfApply('KeepLargestConnectedComponentd', labels, item)).toMatchObject({
      argument: 'applied_labels',
    });
  });

  test('a prediction of an image that nothing is known of', () => {
    const pred = sampleImage([2, 4, 4, 4]);
    expect(faultOfApply('Invertd', { keys: 'pred', orig_keys: 'image' }, { pred })).toMatchObject({
      code: 'data-list',
      component: 'Invertd',
      argument: 'orig_keys',
    });
  });
});
