import type { RandomState } from '../../random/random-state.ts';
import type { Tensor } from '../../data/tensor.ts';

/** Flat positions (C order, without channels) that crop centres are drawn from. */
export interface CenterCandidates {
  readonly foreground: ArrayLike<number>;
  readonly background: ArrayLike<number>;
}

/** An image that background centres have to be above a threshold in. */
export interface BackgroundMask {
  readonly image: Tensor;
  readonly threshold: number;
}

/**
 * Foreground: where any channel of the label is not 0 (without the first channel when there are several). Background:
 * everything else, or of it only where any channel of the image is above the threshold.
 */
export function findCandidates(label: Tensor, mask?: BackgroundMask): CenterCandidates {
  const [channels, ...spatial] = label.shape;
  const count = spatial.reduce((product, size) => product * size, 1);
  const isForeground = anyChannel(label, channels > 1 ? 1 : 0, count, (value) => value !== 0);
  const isAllowed =
    mask === undefined ? undefined : anyChannel(mask.image, 0, count, (value) => value > mask.threshold);
  const foreground = new Uint32Array(count);
  const background = new Uint32Array(count);
  let foregroundCount = 0;
  let backgroundCount = 0;
  for (let position = 0; position < count; position++) {
    if (isForeground[position] === 1) foreground[foregroundCount++] = position;
    else if (isAllowed === undefined || isAllowed[position] === 1) background[backgroundCount++] = position;
  }
  return {
    foreground: foreground.subarray(0, foregroundCount),
    background: background.subarray(0, backgroundCount),
  };
}

function anyChannel(
  { shape, data }: Tensor,
  firstChannel: number,
  count: number,
  test: (value: number) => boolean,
): Uint8Array {
  const found = new Uint8Array(count);
  for (let channel = firstChannel; channel < shape[0]; channel++) {
    const start = channel * count;
    for (let position = 0; position < count; position++) {
      if (test(data[start + position])) found[position] = 1;
    }
  }
  return found;
}

/** How centres are drawn. */
export interface CenterRules {
  readonly count: number;
  /** Probability of a foreground centre. */
  readonly foregroundRatio: number;
  /** Spatial sizes of the image and of a patch; the patch is nowhere larger. */
  readonly shape: readonly number[];
  readonly patchSize: readonly number[];
}

/**
 * Draws centres as MONAI's RandCropByPosNegLabel: per patch one number decides for foreground or background, another picks the
 * voxel; centres too near to a side are moved so that the patch stays inside. One of the two lists may be empty.
 */
export function drawCenters(
  { foreground, background }: CenterCandidates,
  rules: CenterRules,
  random: RandomState,
): number[][] {
  const ratio = foreground.length === 0 ? 0 : background.length === 0 ? 1 : rules.foregroundRatio;
  return Array.from({ length: rules.count }, () => {
    const candidates = random.random() < ratio ? foreground : background;
    const position = candidates[random.integer(candidates.length)];
    return unravel(position, rules.shape).map((index, axis) =>
      limitCenter(index, rules.shape[axis], rules.patchSize[axis]),
    );
  });
}

function unravel(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

function limitCenter(center: number, length: number, patchLength: number): number {
  const first = Math.floor(patchLength / 2);
  const end = Math.floor(length + 1 - patchLength / 2);
  const behindLast = end === first ? end + 1 : end;
  return Math.min(Math.max(center, first), behindLast - 1);
}
