import type { RandomState } from '../../random/random-state.ts';
import { reportDraw } from '../report-draw.ts';
import type { CenterCandidates } from './crop-candidates.ts';

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
  const ratio = foreground.count === 0 ? 0 : background.count === 0 ? 1 : rules.foregroundRatio;
  return Array.from({ length: rules.count }, () => {
    const isForeground = random.random() < ratio;
    const candidates = isForeground ? foreground : background;
    const position = candidates.at(random.integer(candidates.count));
    const center = unravel(position, rules.shape).map((index, axis) =>
      limitCenter(index, rules.shape[axis], rules.patchSize[axis]),
    );
    reportDraw(isForeground ? 'centre in the foreground' : 'centre in the background', center);
    return center;
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
