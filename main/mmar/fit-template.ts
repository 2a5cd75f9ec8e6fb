import type { CaseSurvey } from './survey-cases.ts';
import type { MmarTemplate } from './template.ts';

/** The values of environment.json that follow from the data. */
export interface FittedSettings {
  readonly INPUT_CHANNELS: number;
  readonly OUTPUT_CHANNELS: number;
  readonly PIXDIM: readonly number[];
  readonly ROI_SIZE: readonly number[];
}

/**
 * Fits a template to a data set, in the spirit of nnU-Net's fingerprint (Isensee 2021): the spacing is the median one per
 * axis; the patch holds the largest case at that spacing where the template's limit allows, else its longest axes are cut.
 *
 * @param classes classes with the background
 */
export function fitTemplate(
  template: Pick<MmarTemplate, 'sizeDivisor' | 'maxPatchVoxels'>,
  survey: CaseSurvey,
  classes: number,
): FittedSettings {
  const axes = [0, 1, 2];
  const spacing = axes.map((axis) => roundTo(medianOf(survey.spacingsMm.map((mm) => mm[axis] ?? 1)), 4));
  const extent = axes.map((axis) =>
    Math.max(
      ...survey.shapes.map((shape, image) => extentAt(shape, survey.spacingsMm[image] ?? [], axis, spacing)),
    ),
  );
  return {
    INPUT_CHANNELS: survey.channels,
    OUTPUT_CHANNELS: classes,
    PIXDIM: spacing,
    ROI_SIZE: fitPatch(extent, template.sizeDivisor, template.maxPatchVoxels),
  };
}

/** Voxels of one image along an axis, once resampled to `spacing`. */
function extentAt(
  shape: readonly number[],
  mm: readonly number[],
  axis: number,
  spacing: readonly number[],
): number {
  return Math.round((((shape[axis] ?? 1) - 1) * (mm[axis] ?? 1)) / spacing[axis]!) + 1;
}

/** Sizes rounded up to multiples of `divisor`; the longest axis loses one multiple at a time until they fit. */
export function fitPatch(extent: readonly number[], divisor: number, maxVoxels: number): number[] {
  const patch = extent.map((size) => Math.max(1, Math.ceil(size / divisor)) * divisor);
  while (patch.reduce((product, size) => product * size, 1) > maxVoxels) {
    const longest = patch.indexOf(Math.max(...patch));
    if (patch[longest]! <= divisor) break;
    patch[longest]! -= divisor;
  }
  return patch;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function roundTo(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
