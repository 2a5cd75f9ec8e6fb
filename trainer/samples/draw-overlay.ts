import type { RgbPicture } from '../../common/imaging/encode-png.ts';
import { labelRgb } from '../../common/imaging/label-palette.ts';
import type { Plane, VolumeAxis } from './find-plane.ts';
import type { ClassAt } from './read-classes.ts';

/** The longer side of a picture, in pixels. */
const EDGE = 384;
const FILL_OPACITY = 0.4;
/** Width of the outline, in pixels. */
const OUTLINE = 2;
/** Share of the values that are black, and of those that are white. */
const OUTSIDE = 0.01;

/** A slice of a case. */
export interface Slice {
  readonly plane: Plane;
  readonly slice: number;
  /** Grey values of the volume. */
  readonly image: Float32Array;
  readonly truth: ClassAt;
  readonly prediction: ClassAt;
}

/**
 * The slice in grey, from the 1st percentile of its values to the 99th, with the prediction as a translucent fill and the truth
 * as an outline in the colours of the labels. Pixels are square in millimetres.
 */
export function drawOverlay({ plane, slice, image, truth, prediction }: Slice): RgbPicture {
  const { columns, rows } = plane;
  const perPixelMm = Math.max(lengthMm(columns), lengthMm(rows)) / EDGE;
  const [across, down] = [placePixels(columns, perPixelMm), placePixels(rows, perPixelMm)];
  const [width, height] = [across.length, down.length];
  const start = slice * plane.across.stride;
  const shadeOf = windowOf(listValues(plane, start, image));
  const truths = new Uint32Array(width * height);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < truths.length; pixel++) {
    const voxel = start + down[Math.floor(pixel / width)]! + across[pixel % width]!;
    truths[pixel] = truth(voxel);
    const shade = shadeOf(image[voxel]!);
    rgb.fill(shade, pixel * 3, pixel * 3 + 3);
    blend(rgb, pixel, prediction(voxel), FILL_OPACITY);
  }
  for (let pixel = 0; pixel < truths.length; pixel++)
    if (isOnOutline(truths, pixel, width)) blend(rgb, pixel, truths[pixel]!, 1);
  return { rgb, width, height };
}

const lengthMm = ({ size, spacingMm }: VolumeAxis): number => size * spacingMm;

/** For each pixel along an axis where its voxel lies, in voxels of the volume. */
function placePixels(axis: VolumeAxis, perPixelMm: number): readonly number[] {
  const count = Math.max(1, Math.round(lengthMm(axis) / perPixelMm));
  return Array.from({ length: count }, (_, pixel) => {
    const index = Math.min(axis.size - 1, Math.floor(((pixel + 0.5) / count) * axis.size));
    return (axis.isReversed ? axis.size - 1 - index : index) * axis.stride;
  });
}

function listValues({ columns, rows }: Plane, start: number, image: Float32Array): Float32Array {
  const values = new Float32Array(columns.size * rows.size);
  let at = 0;
  for (let row = 0; row < rows.size; row++)
    for (let column = 0; column < columns.size; column++)
      values[at++] = image[start + row * rows.stride + column * columns.stride]!;
  return values;
}

/** Grey, 0 to 255, of a value; what is no number is black. */
function windowOf(values: Float32Array): (value: number) => number {
  const sorted = values.filter(Number.isFinite).sort();
  const last = sorted.length - 1;
  const low = sorted[Math.round(last * OUTSIDE)] ?? 0;
  const high = sorted[Math.round(last * (1 - OUTSIDE))] ?? 0;
  const perValue = high > low ? 255 / (high - low) : 0;
  return (value) => {
    const shade = (value - low) * perValue;
    return shade > 0 ? Math.min(255, Math.round(shade)) : 0;
  };
}

function blend(rgb: Uint8Array, pixel: number, label: number, opacity: number): void {
  if (label === 0) return;
  labelRgb(label).forEach((part, index) => {
    const at = pixel * 3 + index;
    rgb[at] = Math.round(rgb[at]! * (1 - opacity) + part * opacity);
  });
}

/** True inside a label, close to where it ends. The picture's own edge is no end. */
function isOnOutline(labels: Uint32Array, pixel: number, width: number): boolean {
  const label = labels[pixel]!;
  if (label === 0) return false;
  const column = pixel % width;
  for (let step = 1; step <= OUTLINE; step++) {
    if (column >= step && labels[pixel - step] !== label) return true;
    if (column + step < width && labels[pixel + step] !== label) return true;
    const [above, below] = [labels[pixel - step * width], labels[pixel + step * width]];
    if ((above ?? label) !== label || (below ?? label) !== label) return true;
  }
  return false;
}
