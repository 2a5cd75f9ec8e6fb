import { describe, expect, it } from 'vitest';
import { createTensor, type Tensor } from '../../../trainer/data/tensor.ts';
import { constantImportance, erf, gaussianImportance } from '../../../trainer/inferers/importance-map.ts';
import type { Predict } from '../../../trainer/inferers/inferer.ts';
import { padSpatial } from '../../../trainer/inferers/pad-spatial.ts';
import { infererRegistry } from '../../../trainer/inferers/registry.ts';
import { resolveRoiSize } from '../../../trainer/inferers/sliding-window.ts';
import {
  windowIntervals,
  windowPositions,
  windowStarts,
} from '../../../trainer/inferers/window-positions.ts';
import {
  formulaInput,
  readMonaiNumbers,
  relativeDifference,
  statisticsDifference,
  statisticsOf,
  type Statistics,
} from '../monai-numbers.ts';

interface WindowNumbers {
  readonly positions: Readonly<
    Record<string, { interval: number[]; n: number; starts_by_dim: number[][]; first3: number[][] }>
  >;
  readonly gauss_map_16: { readonly data: readonly number[] };
  readonly gauss_map_8x10x12: Statistics;
  readonly constant: Statistics & { readonly first8: readonly number[] };
  readonly gaussian: Statistics & { readonly first8: readonly number[] };
  readonly pad: Statistics & { readonly first8: readonly number[] };
}

const numbers = readMonaiNumbers<WindowNumbers>('sliding-window');

/** The fixtures' stand-in for a network: twice the window, and the mean of the window everywhere. */
const twiceAndMean: Predict = async ({ shape, data }) => {
  const [batch, , ...size] = shape;
  const voxels = data.length / batch;
  const result = new Float32Array(batch * 2 * voxels);
  for (let item = 0; item < batch; item++) {
    const window = data.subarray(item * voxels, (item + 1) * voxels);
    const mean = window.reduce((sum, value) => sum + value, 0) / voxels;
    result.set(
      window.map((value) => value * 2),
      item * 2 * voxels,
    );
    result.fill(mean, (item * 2 + 1) * voxels, (item * 2 + 2) * voxels);
  }
  return createTensor([batch, 2, ...size], result);
};

const cases: readonly (readonly [string, readonly number[], readonly number[], number])[] = [
  ['((200, 180, 150), (96, 96, 96), 0.5)', [200, 180, 150], [96, 96, 96], 0.5],
  ['((402, 402, 226), (160, 160, 160), 0.5)', [402, 402, 226], [160, 160, 160], 0.5],
  ['((100, 100, 100), (160, 160, 160), 0.5)', [160, 160, 160], [160, 160, 160], 0.5],
  ['((35, 51, 35), (32, 32, 32), 0.25)', [35, 51, 35], [32, 32, 32], 0.25],
  ['((17, 40, 64), (16, 16, 16), 0.5)', [17, 40, 64], [16, 16, 16], 0.5],
];

describe('windows stand where MONAI 0.8.1 puts them', () => {
  it('covers every case that there are numbers for', () => {
    expect(cases.map(([key]) => key)).toEqual(Object.keys(numbers.positions));
  });

  it.each(cases)('%s', (key, image, roi, overlap) => {
    const expected = numbers.positions[key];
    const intervals = windowIntervals(image, roi, overlap);
    const positions = windowPositions(image, roi, overlap);
    expect(intervals).toEqual(expected.interval);
    expect(image.map((size, axis) => windowStarts(size, roi[axis], intervals[axis]))).toEqual(
      expected.starts_by_dim,
    );
    expect(positions).toHaveLength(expected.n);
    expect(positions.slice(0, 3)).toEqual(expected.first3);
  });
});

describe('weights within a window', () => {
  it('are 1 for constant blending', () => {
    expect([...constantImportance([2, 2])]).toEqual([1, 1, 1, 1]);
  });

  it('agree with MONAI 0.8.1 for gaussian blending', () => {
    const map = gaussianImportance([16, 16], 0.125);
    expect(relativeDifference(map, numbers.gauss_map_16.data)).toBeLessThan(1e-5);
    const volume = createTensor([8, 10, 12], gaussianImportance([8, 10, 12], 0.125));
    expect(statisticsDifference(statisticsOf(volume), numbers.gauss_map_8x10x12)).toBeLessThan(1e-5);
  });

  it('are made with an error function that is good to 1e-15', () => {
    // Abramowitz and Stegun, table 7.1
    expect(erf(0)).toBe(0);
    expect(erf(0.5)).toBeCloseTo(0.5204998778130465, 15);
    expect(erf(-1)).toBeCloseTo(-0.8427007929497149, 15);
    expect(erf(2)).toBeCloseTo(0.9953222650189527, 15);
    expect(erf(2.5)).toBeCloseTo(0.999593047982555, 15);
    expect(erf(3)).toBeCloseTo(0.9999779095030014, 15);
    expect(erf(30)).toBe(1);
  });
});

const infer = (args: object, images: Tensor, predict = twiceAndMean) =>
  infererRegistry.create('SlidingWindowInferer', args).infer(images, predict);

describe('SlidingWindowInferer agrees with MONAI 0.8.1', () => {
  const args = { roi_size: [16, 16, 16], sw_batch_size: 2, overlap: 0.5 };

  it.each(['constant', 'gaussian'] as const)('%s blending', async (mode) => {
    const result = await infer({ ...args, mode }, formulaInput([1, 1, 17, 20, 24]));
    expect(result.shape).toEqual(numbers[mode].shape);
    expect(statisticsDifference(statisticsOf(result), numbers[mode])).toBeLessThan(1e-5);
    expect(relativeDifference(result.data.subarray(0, 8), numbers[mode].first8)).toBeLessThan(1e-5);
  });

  it('an image smaller than the window', async () => {
    const result = await infer(args, formulaInput([1, 1, 10, 10, 10]));
    expect(result.shape).toEqual(numbers.pad.shape);
    expect(statisticsDifference(statisticsOf(result), numbers.pad)).toBeLessThan(1e-5);
    expect(relativeDifference(result.data.subarray(0, 8), numbers.pad.first8)).toBeLessThan(1e-5);
  });
});

describe('SlidingWindowInferer', () => {
  const identity: Predict = async (images) => createTensor(images.shape, images.data.slice());

  it('puts an image of several channels and items together again', async () => {
    const images = formulaInput([2, 3, 9, 7]);
    for (const mode of ['constant', 'gaussian']) {
      const result = await infer(
        { roi_size: [4, 4], sw_batch_size: 3, overlap: 0.25, mode },
        images,
        identity,
      );
      expect(result.shape).toEqual([2, 3, 9, 7]);
      expect(relativeDifference(result.data, images.data)).toBeLessThan(1e-6);
    }
  });

  it('feeds windows in groups of sw_batch_size across items, the last group smaller', async () => {
    const sizes: number[] = [];
    const counting: Predict = (images) => {
      sizes.push(images.shape[0]);
      return identity(images);
    };
    await infer({ roi_size: 4, sw_batch_size: 4, overlap: 0 }, formulaInput([2, 1, 12]), counting);
    expect(sizes).toEqual([4, 2]);
  });

  it('takes the size of the image where roi_size has no positive number', () => {
    expect(resolveRoiSize([0, null, 8], [5, 6, 7])).toEqual([5, 6, 8]);
    expect(resolveRoiSize(-1, [5, 6])).toEqual([5, 6]);
    expect(() => resolveRoiSize([8, 8], [5, 6, 7])).toThrow(
      'SlidingWindowInferer.roi_size: There are 2 sizes for the 3 axes of the image.',
    );
  });

  it('refuses a network that changes the size of a window', async () => {
    const shrinking: Predict = async () => createTensor([1, 1, 2], new Float32Array(2));
    await expect(infer({ roi_size: 4 }, formulaInput([1, 1, 4]), shrinking)).rejects.toThrow(
      'must keep the size of a window, 1 of [4], but gave [1, 1, 2]',
    );
  });

  it('says what is wrong with its arguments', () => {
    const create = (args: object) => () => infererRegistry.create('SlidingWindowInferer', args);
    expect(create({})).toThrow('SlidingWindowInferer.roi_size: The argument "roi_size" is missing');
    expect(create({ roi_size: 8, overlap: 1 })).toThrow(
      'SlidingWindowInferer.overlap: 1 does not fit. Allowed: less than 1',
    );
    expect(create({ roi_size: 8, mode: 'gauss' })).toThrow('Allowed: "constant", "gaussian"');
    expect(() => infererRegistry.create('SlidingWindow', {})).toThrow('There is no such component');
  });
});

describe('padding', () => {
  const row = createTensor([1, 1, 3], Float32Array.of(1, 2, 3));
  it.each([
    ['constant', [9, 1, 2, 3, 9, 9]],
    ['replicate', [1, 1, 2, 3, 3, 3]],
    ['reflect', [2, 1, 2, 3, 2, 1]],
    ['circular', [3, 1, 2, 3, 1, 2]],
  ] as const)('%s centres the image, the odd voxel behind', (mode, expected) => {
    expect([...padSpatial(row, [6], mode, 9).data]).toEqual(expected);
  });

  it('leaves axes alone that are large enough', () => {
    expect(padSpatial(row, [2], 'constant', 0)).toBe(row);
    const plane = createTensor([1, 1, 1, 2], Float32Array.of(1, 2));
    expect([...padSpatial(plane, [3, 2], 'constant', 0).data]).toEqual([0, 0, 1, 2, 0, 0]);
  });

  it('refuses to reflect more than there is', () => {
    expect(() => padSpatial(row, [10], 'reflect', 0)).toThrow(
      'cannot make up so many voxels around an axis of 3',
    );
  });
});

describe('SimpleInferer', () => {
  it('gives the whole input to the network', async () => {
    const images = formulaInput([1, 1, 4]);
    const result = await infererRegistry.create('SimpleInferer', {}).infer(images, twiceAndMean);
    expect(result.data[0]).toBe(Math.fround(images.data[0] * 2));
  });
});
