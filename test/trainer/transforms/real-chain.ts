import { expect } from 'vitest';
import type { ImageMeta, Item } from '../../../trainer/data/item.ts';
import type { Tensor } from '../../../trainer/data/tensor.ts';
import { buildTransform } from '../../../trainer/transforms/registry.ts';
import { isRandomTransform, listItems } from '../../../trainer/transforms/transform.ts';

interface Statistics {
  readonly shape: readonly number[];
  readonly sum: number;
  readonly sumsq: number;
  readonly min: number;
  readonly max: number;
  readonly idx_sum: number;
}

interface Stage {
  readonly image: Statistics;
  readonly label: Statistics;
  readonly affine: readonly (readonly number[])[];
}

/** What MONAI made of one real case, stage by stage. */
export interface RealNumbers {
  readonly load: Stage;
  readonly spacing: Stage & {
    readonly pixdim: readonly number[];
    readonly points: readonly (readonly [number[], number])[];
  };
  readonly scale: Statistics;
  readonly crop: Stage & { readonly start: readonly number[]; readonly end: readonly number[] };
  readonly ras: Pick<Stage, 'image' | 'affine'>;
  readonly pli: Pick<Stage, 'image' | 'affine'>;
  readonly rand_crop_seed0: readonly Pick<Stage, 'image' | 'label'>[];
}

export interface RealCase {
  readonly image: string;
  readonly label: string;
  readonly numbers: RealNumbers;
  /** The transform of the intensities. */
  readonly scale: { readonly name: string; readonly args: Readonly<Record<string, unknown>> };
  readonly patchSize: readonly number[];
}

const keys = ['image', 'label'];

function run(item: Item, name: string, args: Readonly<Record<string, unknown>>): Item {
  const [result] = listItems(buildTransform(name, args).apply(item));
  return result;
}

/** Runs the case through every stage and compares each with MONAI's. */
export function expectRealChain({ image, label, numbers, scale, patchSize }: RealCase): void {
  const loaded = run({ image, label }, 'LoadImaged', { keys });
  const first = run(loaded, 'EnsureChannelFirstd', { keys });
  expectImage(loaded.image, numbers.load.image);
  expectImage(loaded.label, numbers.load.label);
  expectAffine(first, numbers.load.affine);

  const spaced = run(first, 'Spacingd', {
    keys,
    pixdim: numbers.spacing.pixdim,
    mode: ['bilinear', 'nearest'],
  });
  expectImage(spaced.image, numbers.spacing.image);
  expectImage(spaced.label, numbers.spacing.label);
  expectAffine(spaced, numbers.spacing.affine);
  for (const [place, value] of numbers.spacing.points)
    expect(voxelAt(spaced.image as Tensor, place)).toBe(value);

  const scaled = run(spaced, scale.name, scale.args);
  expectImage(scaled.image, numbers.scale, 1e-6);
  const cropped = run(scaled, 'CropForegroundd', { keys, source_key: 'image' });
  expect(cropped.foreground_start_coord).toEqual(numbers.crop.start);
  expect(cropped.foreground_end_coord).toEqual(numbers.crop.end);
  expectImage(cropped.image, numbers.crop.image, 1e-6);
  expectImage(cropped.label, numbers.crop.label);

  for (const [axcodes, stage] of [
    ['RAS', numbers.ras],
    ['PLI', numbers.pli],
  ] as const) {
    // prettier-ignore
    const turned = run(first, 'Orientationd', { keys, axcodes });
    expectImage(turned.image, stage.image);
    expectAffine(turned, stage.affine);
  }
  expectPatches(cropped, numbers, patchSize);
}

function expectPatches(cropped: Item, numbers: RealNumbers, patchSize: readonly number[]): void {
  const transform = buildTransform('RandCropByPosNegLabeld', {
    keys,
    label_key: 'label',
    spatial_size: patchSize,
    pos: 1,
    neg: 1,
    num_samples: 4,
    image_key: 'image',
    image_threshold: 0,
  });
  if (isRandomTransform(transform)) transform.setRandomState(0);
  const patches = listItems(transform.apply(cropped));
  numbers.rand_crop_seed0.forEach((stage, index) => {
    expectImage(patches[index].image, stage.image, 1e-5);
    expectImage(patches[index].label, stage.label);
    expect((patches[index].image_meta_dict as ImageMeta).patchIndex).toBe(index);
  });
}

function voxelAt({ shape, data }: Tensor, [x, y, z]: readonly number[]): number {
  return data[(x * shape[2] + y) * shape[3] + z];
}

function expectAffine(item: Item, rows: readonly (readonly number[])[]): void {
  const { affine } = item.image_meta_dict as ImageMeta;
  rows.flat().forEach((value, at) => expect(Math.abs(affine[at] - value)).toBeLessThan(1e-6));
}

/** `tolerance` is relative to the sum of absolute values; without it only the order of additions may differ. */
function expectImage(value: unknown, expected: Statistics, tolerance = 1e-12): void {
  const { shape, data } = value as Tensor;
  expect(shape).toEqual(expected.shape);
  let [sum, sumsq, positions, size, min, max] = [0, 0, 0, 0, Infinity, -Infinity];
  for (let index = 0; index < data.length; index++) {
    const voxel = data[index];
    sum += voxel;
    sumsq += voxel * voxel;
    positions += voxel * (index % 1009);
    size += Math.abs(voxel);
    if (voxel < min) min = voxel;
    if (voxel > max) max = voxel;
  }
  expect(Math.abs(sum - expected.sum) / (size || 1)).toBeLessThan(tolerance);
  expect(Math.abs(sumsq - expected.sumsq) / (sumsq || 1)).toBeLessThan(tolerance);
  expect(Math.abs(positions - expected.idx_sum) / (1009 * (size || 1))).toBeLessThan(tolerance);
  expect(Math.abs(min - expected.min)).toBeLessThanOrEqual(tolerance * Math.abs(expected.min));
  expect(Math.abs(max - expected.max)).toBeLessThanOrEqual(tolerance * Math.abs(expected.max));
}
