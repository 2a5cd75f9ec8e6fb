import { slidingWindowInfererSpec, type SlidingWindowInfererArgs } from '../../common/components/inferers.ts';
import { FaultError } from '../../common/fault.ts';
import { createTensor, isSameShape, type Tensor } from '../data/tensor.ts';
import { constantImportance, gaussianImportance } from './importance-map.ts';
import type { Inferer, Predict } from './inferer.ts';
import { padSpatial, paddingBefore } from './pad-spatial.ts';
import { windowPositions } from './window-positions.ts';
import { addWindows, createWindowGrid, cutWindows, sumWeights } from './windows.ts';

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
    throw new FaultError({
      code: 'wrong-argument',
      message: `There are ${perAxis.length} sizes for the ${imageSize.length} axes of the image.`,
      component: slidingWindowInfererSpec.name,
      argument: 'roi_size',
      allowed: 'one number, or one per axis',
    });
  }
  return imageSize.map((size, axis) => {
    const own = perAxis[axis];
    return own === null || own <= 0 ? size : own;
  });
}

interface WindowPlan {
  readonly roiSize: readonly number[];
  /** Weights of the voxels of a window. */
  readonly importance: Float32Array;
  readonly overlap: number;
  readonly sw_batch_size: number;
}

async function blendWindows(images: Tensor, plan: WindowPlan, predict: Predict): Promise<Tensor> {
  const [batch, , ...imageSize] = images.shape;
  const grid = createWindowGrid(imageSize, plan.roiSize);
  const starts = windowPositions(imageSize, plan.roiSize, plan.overlap).map(grid.offsetOf);
  const windows = Array.from({ length: batch }, (_, image) =>
    starts.map((start) => ({ image, start })),
  ).flat();

  let sums = new Float32Array(0);
  let classes = 0;
  for (let first = 0; first < windows.length; first += plan.sw_batch_size) {
    const group = windows.slice(first, first + plan.sw_batch_size);
    const outputs = await predict(cutWindows(images, group, grid));
    assertWindowSize(outputs, group.length, plan.roiSize);
    if (first === 0) {
      classes = outputs.shape[1];
      sums = new Float32Array(batch * classes * grid.voxels);
    }
    addWindows(sums, outputs, group, plan.importance, grid);
  }
  const weights = sumWeights(starts, plan.importance, grid);
  for (let index = 0; index < sums.length; index++) sums[index] /= weights[index % grid.voxels];
  return createTensor([batch, classes, ...imageSize], sums);
}

function assertWindowSize(outputs: Tensor, windows: number, roiSize: readonly number[]): void {
  const [batch, , ...size] = outputs.shape;
  if (batch === windows && isSameShape(size, roiSize)) return;
  throw new RangeError(
    `The network must keep the size of a window, ${windows} of [${roiSize.join(', ')}], but gave [${outputs.shape.join(', ')}]`,
  );
}

/** The part of (batch, channel, ...spatial) that starts at `before` and has the given size. */
function cropSpatial(images: Tensor, before: readonly number[], size: readonly number[]): Tensor {
  const [batch, , ...imageSize] = images.shape;
  if (isSameShape(size, imageSize)) return images;
  const grid = createWindowGrid(imageSize, size);
  const start = grid.offsetOf(before);
  const whole = Array.from({ length: batch }, (_, image) => ({ image, start }));
  return cutWindows(images, whole, grid);
}
