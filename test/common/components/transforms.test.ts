import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { datasetSpecs, dataLoaderSpecs } from '../../../common/components/datasets.ts';
import { transformSpecs } from '../../../common/components/transforms/index.ts';
import { transformRegistry } from '../../../trainer/transforms/registry.ts';
import { isRandomTransform } from '../../../trainer/transforms/transform.ts';

const all = [...transformSpecs, ...datasetSpecs, ...dataLoaderSpecs];

/** The least that each transform can be built with, where that is more than keys. */
const needed: Readonly<Record<string, object>> = {
  Spacingd: { pixdim: 1 },
  Orientationd: { axcodes: 'RAS' },
  Resized: { spatial_size: 4 },
  CropForegroundd: { source_key: 'image' },
  RandCropByPosNegLabeld: { label_key: 'label', spatial_size: 4 },
  SpatialPadd: { spatial_size: 4 },
  DivisiblePadd: { k: 4 },
  CenterSpatialCropd: { roi_size: 4 },
  ResizeWithPadOrCropd: { spatial_size: 4 },
  RandSpatialCropd: { roi_size: 4 },
  ScaleIntensityRanged: { a_min: 0, a_max: 1 },
  ScaleIntensityRangePercentilesd: { lower: 1, upper: 99, b_min: 0, b_max: 1 },
  RandShiftIntensityd: { offsets: 0.1 },
  RandScaleIntensityd: { factors: 0.1 },
  Invertd: { orig_keys: 'image' },
  KeepLargestConnectedComponentd: { applied_labels: 1 },
};

describe('specs of transforms and data sets', () => {
  test('every transform can be built, and is random exactly where its spec says so', () => {
    expect([...transformRegistry.names].sort()).toEqual(transformSpecs.map(({ name }) => name).sort());
    for (const { name, random } of transformSpecs) {
      const transform = transformRegistry.create(name, { keys: 'image', ...needed[name] }, undefined);
      expect(transform.name).toBe(name);
      expect(isRandomTransform(transform)).toBe(random === true);
    }
  });

  test('names and aliases are unique, and aliases are those of MONAI', () => {
    const names = all.flatMap((spec) => [spec.name, ...spec.aliases]);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, aliases } of transformSpecs) {
      const stem = name.replace(/d$/, '');
      expect(aliases).toEqual([`${stem}D`, `${stem}Dict`]);
    }
  });

  test.each(all.map((spec) => [spec.name, spec] as const))('%s: every argument is described', (_, spec) => {
    expect(spec.summary).toMatch(/\.$/);
    for (const [argument, schema] of Object.entries(spec.args.shape)) {
      expect(z.globalRegistry.get(schema as z.ZodType)?.description, argument).toBeTruthy();
    }
    expect(() => z.toJSONSchema(spec.args, { io: 'input' })).not.toThrow();
    expect(spec.args.safeParse({ keys: 'image', no_such_argument: 1, ...needed[spec.name] }).success).toBe(
      false,
    );
  });

  test("defaults are MONAI's", () => {
    const parse = (name: string, args: object): unknown =>
      all.find((spec) => spec.name === name)!.args.parse(args);
    expect(parse('Spacingd', { keys: 'image', pixdim: 1 })).toMatchObject({
      diagonal: false,
      mode: 'bilinear',
      padding_mode: 'border',
      align_corners: false,
      allow_missing_keys: false,
      meta_key_postfix: 'meta_dict',
    });
    expect(parse('RandFlipd', { keys: 'image' })).toMatchObject({ prob: 0.1 });
    expect(parse('RandZoomd', { keys: 'image' })).toMatchObject({
      min_zoom: 0.9,
      max_zoom: 1.1,
      mode: 'area',
      padding_mode: 'edge',
      keep_size: true,
    });
    expect(parse('RandSpatialCropd', { keys: 'image', roi_size: 1 })).toMatchObject({
      random_size: true,
      random_center: true,
    });
    expect(parse('SaveImaged', { keys: 'pred' })).toMatchObject({
      output_postfix: 'trans',
      resample: true,
      mode: 'nearest',
      output_dtype: 'float32',
    });
    expect(parse('DataLoader', {})).toMatchObject({ batch_size: 1, shuffle: false, num_workers: 0 });
    expect(parse('CacheDataset', {})).toMatchObject({ cache_num: Number.MAX_SAFE_INTEGER, cache_rate: 1 });
  });
});
