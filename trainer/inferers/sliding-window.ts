import type { SlidingWindowInfererArgs } from '../../common/components/inferers.ts';
import { countElements, createTensor, stridesOf, type Tensor } from '../data/tensor.ts';
import { constantImportance, gaussianImportance } from './importance-map.ts';
import type { Inferer, Predict } from './inferer.ts';
import { padSpatial, paddingBefore } from './pad-spatial.ts';
import { windowPositions } from './window-positions.ts';

/**
 * `monai.inferers.SlidingWindowInferer` (0.8.1): windows of `roi_size` in `sw_batch_size` at a time, across the images of a
 * batch; the result is the mean of the windows' outputs, weighted by `mode`. An image smaller than the window is padded
 * for the time being.
 */
export function createSlidingWindowInferer(args: SlidingWindowInfererArgs): Inferer {
  return {
    async infer(images, predict) {
      const imageSize = images.shape.slice(2);
      const roiSize = resolveRoiSize(args.roi_size, imageSize);
      const padded = padSpatial(images, roiSize, args.padding_mode, args.cval);
      const importance =
        args.mode === 'constant'
          ? constantImportance(roiSize)
          : gaussianImportance(roiSize, args.sigma_scale);
      const blended = await blendWindows(padded, { roiSize, importance, ...args }, predict);
      return cropSpatial(blended, paddingBefore(imageSize, padded.shape.slice(2)), imageSize);
    },
  };
}

/** The size of a window per axis, the image's where the config has no positive number. */
export function resolveRoiSize(
  roiSize: SlidingWindowInfererArgs['roi_size'],
  imageSize: readonly number[],
): number[] {
  const perAxis = typeof roiSize === 'number' ? imageSize.map(() => roiSize) : roiSize;
  if (perAxis.length !== imageSize.length) {
    throw new RangeError(
      `roi_size has ${perAxis.length} numbers, but the image has ${imageSize.length} axes`,
    );
  }
  return imageSize.map((size, axis) => {
    const own = perAxis[axis];
    return own === null || own <= 0 ? size : own;
  });
}

interface WindowPlan {
  readonly roiSize: readonly number[];
  readonly importance: Float32Array;
  readonly overlap: number;
  readonly sw_batch_size: number;
}

/** One window: which image, and the offset of its first voxel within a channel. */
interface Window {
  readonly image: number;
  readonly start: number;
}

async function blendWindows(images: Tensor, plan: WindowPlan, predict: Predict): Promise<Tensor> {
  const [batch, channels, ...imageSize] = images.shape;
  const strides = stridesOf(imageSize);
  const starts = windowPositions(imageSize, plan.roiSize, plan.overlap).map((position) =>
    position.reduce((sum, index, axis) => sum + index * strides[axis], 0),
  );
  const windows = Array.from({ length: batch }, (_, image) =>
    starts.map((start): Window => ({ image, start })),
  ).flat();
  const voxels = countElements(imageSize);
  const rows = rowOffsets(plan.roiSize, strides);
  const rowLength = plan.roiSize[plan.roiSize.length - 1];
  const weights = sumWeights(starts, voxels, rows, rowLength, plan.importance);

  let sums: Float32Array | undefined;
  let classes = 0;
  for (let first = 0; first < windows.length; first += plan.sw_batch_size) {
    const group = windows.slice(first, first + plan.sw_batch_size);
    const output = await predict(cutWindows(images.data, group, channels, voxels, rows, plan.roiSize));
    assertWindowOutput(output, group.length, plan.roiSize);
    classes = output.shape[1];
    sums ??= new Float32Array(batch * classes * voxels);
    addWindows(sums, output, group, voxels, rows, plan.importance);
  }
  const result = sums!;
  for (let index = 0; index < result.length; index++) result[index] /= weights[index % voxels];
  return createTensor([batch, classes, ...imageSize], result);
}

/** Where the rows of a window (its runs along the last axis) begin, relative to its first voxel. */
function rowOffsets(roiSize: readonly number[], strides: readonly number[]): number[] {
  return roiSize
    .slice(0, -1)
    .reduce<number[]>(
      (offsets, size, axis) =>
        offsets.flatMap((offset) =>
          Array.from({ length: size }, (_, index) => offset + index * strides[axis]),
        ),
      [0],
    );
}

function cutWindows(
  data: Float32Array,
  windows: readonly Window[],
  channels: number,
  voxels: number,
  rows: readonly number[],
  roiSize: readonly number[],
): Tensor {
  const rowLength = roiSize[roiSize.length - 1];
  const cut = new Float32Array(windows.length * channels * rows.length * rowLength);
  let target = 0;
  for (const { image, start } of windows) {
    for (let channel = 0; channel < channels; channel++) {
      const origin = (image * channels + channel) * voxels + start;
      for (const row of rows) {
        cut.set(data.subarray(origin + row, origin + row + rowLength), target);
        target += rowLength;
      }
    }
  }
  return createTensor([windows.length, channels, ...roiSize], cut);
}

function addWindows(
  sums: Float32Array,
  output: Tensor,
  windows: readonly Window[],
  voxels: number,
  rows: readonly number[],
  importance: Float32Array,
): void {
  const classes = output.shape[1];
  const rowLength = output.shape[output.shape.length - 1];
  let source = 0;
  for (const { image, start } of windows) {
    for (let index = 0; index < classes; index++) {
      const origin = (image * classes + index) * voxels + start;
      let weight = 0;
      for (const row of rows) {
        const target = origin + row;
        for (let step = 0; step < rowLength; step++) {
          sums[target + step] += importance[weight++] * output.data[source++];
        }
      }
    }
  }
}

/** The weights that each voxel gets from all windows together; the same for every image and class. */
function sumWeights(
  starts: readonly number[],
  voxels: number,
  rows: readonly number[],
  rowLength: number,
  importance: Float32Array,
): Float32Array {
  const weights = new Float32Array(voxels);
  for (const start of starts) {
    let weight = 0;
    for (const row of rows) {
      for (let step = 0; step < rowLength; step++) weights[start + row + step] += importance[weight++];
    }
  }
  return weights;
}

function assertWindowOutput(output: Tensor, windows: number, roiSize: readonly number[]): void {
  const [batch, , ...size] = output.shape;
  if (
    batch === windows &&
    size.length === roiSize.length &&
    size.every((length, axis) => length === roiSize[axis])
  )
    return;
  throw new RangeError(
    `The network must keep the size of a window, ${windows} of [${roiSize.join(', ')}], but gave [${output.shape.join(', ')}]`,
  );
}

/** The part of (batch, channel, ...spatial) that starts at `before` and has the given size. */
function cropSpatial(images: Tensor, before: readonly number[], size: readonly number[]): Tensor {
  const [batch, channels, ...imageSize] = images.shape;
  if (size.every((length, axis) => length === imageSize[axis])) return images;
  const strides = stridesOf(imageSize);
  const start = before.reduce((sum, index, axis) => sum + index * strides[axis], 0);
  const windows = Array.from({ length: batch }, (_, image) => ({ image, start }));
  return cutWindows(
    images.data,
    windows,
    channels,
    countElements(imageSize),
    rowOffsets(size, strides),
    size,
  );
}
