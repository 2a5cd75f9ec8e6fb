import zlib from 'node:zlib';
import { encodePng } from '../../common/imaging/encode-png.ts';
import { labelRgb } from '../../common/imaging/label-palette.ts';
import type { VoxelArray } from '../../common/imaging/voxel-array.ts';
import type { Volume } from './make-volume.ts';

/** The longer side, in pixels. */
const SIZE = 128;
const LABEL_OPACITY = 0.55;

/**
 * A small axial picture of a case: the slice with most of the label, or the middle one, in radiological convention (the
 * patient's right at the left), with the label's colours over it where it has the image's size.
 */
export function drawThumbnail(image: Volume, label?: Volume): Uint8Array {
  const { shape, spacingMm, slope, intercept, statistics, inverted } = image.facts;
  const fits = label !== undefined && label.facts.shape.every((size, axis) => size === shape[axis]);
  const slice = fits ? fullestSlice(label.voxels, shape) : Math.floor(shape[2] / 2);
  const { width, height, columnOf, rowOf } = planPixels(shape, spacingMm);
  const { low, high } = statistics;
  const perValue = high > low ? 255 / (high - low) : 0;
  const rgb = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = columnOf(column) + shape[0] * (rowOf(row) + shape[1] * slice);
      const value = image.voxels[at]! * slope + intercept;
      const shade = Math.max(0, Math.min(255, (value - low) * perValue));
      const grey = inverted ? 255 - shade : shade;
      const mark = fits ? label.voxels[at]! : 0;
      const target = (row * width + column) * 3;
      const colour = mark > 0 ? labelRgb(Math.round(mark)) : undefined;
      for (let part = 0; part < 3; part++) {
        rgb[target + part] =
          colour === undefined ? grey : grey * (1 - LABEL_OPACITY) + colour[part]! * LABEL_OPACITY;
      }
    }
  }
  return encodePng({ rgb, width, height }, zlib);
}

/** Pixels of the picture and the voxels that they show; both axes of an axial slice run against those of RAS. */
function planPixels(shape: readonly number[], spacingMm: readonly number[]) {
  const extent = [shape[0]! * spacingMm[0]!, shape[1]! * spacingMm[1]!] as const;
  const perPixelMm = Math.max(...extent) / SIZE;
  const [width, height] = extent.map((length) => Math.max(1, Math.round(length / perPixelMm))) as [
    number,
    number,
  ];
  const voxelOf = (axis: 0 | 1, count: number) => (pixel: number) =>
    shape[axis]! - 1 - Math.min(shape[axis]! - 1, Math.floor(((pixel + 0.5) / count) * shape[axis]!));
  return { width, height, columnOf: voxelOf(0, width), rowOf: voxelOf(1, height) };
}

function fullestSlice(label: VoxelArray, shape: readonly number[]): number {
  const perSlice = shape[0]! * shape[1]!;
  let [best, most] = [Math.floor(shape[2]! / 2), 0];
  for (let slice = 0; slice < shape[2]!; slice++) {
    let count = 0;
    for (let at = slice * perSlice; at < (slice + 1) * perSlice; at++) if (label[at] !== 0) count++;
    if (count > most) [best, most] = [slice, count];
  }
  return best;
}
