import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createTensor, type Tensor } from '../../../trainer/data/tensor.ts';
import { createRandomState } from '../../../trainer/random/random-state.ts';
import { Compose } from '../../../trainer/transforms/compose.ts';
import { findCandidates } from '../../../trainer/transforms/crop-pad/crop-candidates.ts';
import { drawCenters } from '../../../trainer/transforms/crop-pad/crop-centers.ts';
import { buildTransform } from '../../../trainer/transforms/registry.ts';
import { listItems, type Transform } from '../../../trainer/transforms/transform.ts';
import { sampleImage } from './sample-item.ts';

interface Statistics {
  readonly shape: readonly number[];
  readonly sum: number;
  readonly sumsq: number;
  readonly min: number;
  readonly max: number;
  readonly first6?: readonly number[];
}

interface Numbers {
  readonly compose_seed7: readonly (readonly { image: Statistics; label: Statistics }[])[];
  readonly poscrop_centers_seed3: readonly (readonly number[])[];
  readonly scale_range: readonly number[];
  readonly normalize: readonly number[];
}

const fixture = new URL('../../fixtures/monai/transforms/chain.json', import.meta.url);
const numbers = JSON.parse(readFileSync(fixture, 'utf8')) as Numbers;

const image = sampleImage([1, 12, 13, 14]);
const label = createTensor(
  [1, 12, 13, 14],
  Float32Array.from({ length: 12 * 13 * 14 }, (_, index) => (index % 97 < 20 ? 1 : 0)),
);

const keys = ['image', 'label'];
const chain = (): Compose =>
  new Compose([
    buildTransform('RandCropByPosNegLabeld', {
      keys,
      label_key: 'label',
      spatial_size: [6, 6, 6],
      pos: 1,
      neg: 1,
      num_samples: 4,
      image_key: 'image',
      image_threshold: 0,
    }),
    buildTransform('RandShiftIntensityd', { keys: 'image', offsets: 0.1, prob: 0.5 }),
    buildTransform('RandGaussianNoised', { keys: 'image', prob: 0.9 }),
    buildTransform('RandFlipd', { keys, prob: 0.5 }),
    buildTransform('RandScaleIntensityd', { keys: 'image', factors: 0.1, prob: 0.5 }),
    buildTransform('RandRotate90d', { keys, prob: 0.5 }),
    buildTransform('ToTensord', { keys }),
  ]);

function expectStatistics({ shape, data }: Tensor, expected: Statistics): void {
  expect(shape).toEqual(expected.shape);
  let [sum, sumsq] = [0, 0];
  for (const value of data) {
    sum += value;
    sumsq += value * value;
  }
  // The values are the same float32 numbers; only their float64 sums were added in another order.
  expect(sum).toBeCloseTo(expected.sum, 10);
  expect(sumsq).toBeCloseTo(expected.sumsq, 10);
  expect(Math.min(...data)).toBe(expected.min);
  expect(Math.max(...data)).toBe(expected.max);
  if (expected.first6 !== undefined) expect([...data.slice(0, 6)]).toEqual(expected.first6);
}

test('a chain of random transforms draws and computes what MONAI does at seed 7, to the bit', () => {
  const compose = chain();
  compose.setRandomState(7);
  for (const round of numbers.compose_seed7) {
    const items = compose.apply({ image, label });
    expect(items.length).toBe(4);
    items.forEach((item, index) => {
      expectStatistics(item.image as Tensor, round[index].image);
      expectStatistics(item.label as Tensor, round[index].label);
    });
  }
});

test('crop centres are those of MONAI at seed 3', () => {
  const candidates = findCandidates(label, { image, threshold: 0 });
  const rules = { count: 6, foregroundRatio: 0.5, shape: [12, 13, 14], patchSize: [6, 6, 6] };
  expect(drawCenters(candidates, rules, createRandomState(3))).toEqual(numbers.poscrop_centers_seed3);
});

test('ScaleIntensityRange and NormalizeIntensity on a few values', () => {
  const apply = (transform: Transform, values: readonly number[]): number[] => {
    const [item] = listItems(
      transform.apply({ image: createTensor([1, values.length], Float32Array.from(values)) }),
    );
    return [...(item.image as Tensor).data];
  };
  const scale = buildTransform('ScaleIntensityRanged', {
    keys: 'image',
    a_min: -57,
    a_max: 164,
    b_min: 0,
    b_max: 1,
    clip: true,
  });
  expect(apply(scale, [-1024, -57, -56.5, 0, 53.5, 164, 200])).toEqual(numbers.scale_range);
  const normalize = buildTransform('NormalizeIntensityd', {
    keys: 'image',
    nonzero: true,
    channel_wise: true,
  });
  apply(normalize, [0, 1, 2, 5, 0]).forEach((value, index) =>
    expect(value).toBeCloseTo(numbers.normalize[index], 6),
  );
});

describe('Compose', () => {
  const record = (name: string, calls: string[], copies: number): Transform => ({
    name,
    apply(item) {
      calls.push(`${name}${item.id as number}`);
      return copies === 1 ? item : Array.from({ length: copies }, (_, index) => ({ ...item, id: index }));
    },
  });

  test('runs each transform over all items before the next one starts', () => {
    const calls: string[] = [];
    const compose = new Compose([
      record('crop', calls, 3),
      record('shift', calls, 1),
      record('flip', calls, 1),
    ]);
    expect(compose.apply({ id: 9 }).length).toBe(3);
    expect(calls).toEqual(['crop9', 'shift0', 'shift1', 'shift2', 'flip0', 'flip1', 'flip2']);
  });

  test('knows where the random part begins', () => {
    expect(chain().fixedCount).toBe(0);
    const fixed = [
      buildTransform('ToTensord', { keys }),
      buildTransform('SpatialPadd', { keys, spatial_size: 20 }),
    ];
    expect(new Compose(fixed).fixedCount).toBe(2);
    expect(new Compose([...fixed, buildTransform('RandFlipd', { keys })]).fixedCount).toBe(2);
  });

  test('an item that came in is left as it was', () => {
    const before = Float32Array.from(image.data);
    chain().apply({ image, label });
    expect(image.data).toEqual(before);
  });
});
