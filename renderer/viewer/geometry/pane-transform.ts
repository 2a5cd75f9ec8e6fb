import type { Vector3 } from '../../../common/imaging/affine.ts';
import type { VolumeFrame } from './frame.ts';
import { planeExtentMm, type PlaneAxes } from './plane.ts';

/** What part of a plane a pane shows. */
export interface PaneView {
  readonly axes: PlaneAxes;
  /** Size of the pane in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** The frame's point in the middle of the pane; its part along the normal is the slice. */
  readonly centreMm: Vector3;
  /** Millimetres per CSS pixel, the same in both directions. */
  readonly mmPerPixel: number;
}

/** A place on the pane, CSS pixels from its upper left corner. */
export interface PanePoint {
  readonly x: number;
  readonly y: number;
}

/** The place on the pane of a point of the frame. */
export function frameToPane(
  { axes, width, height, centreMm, mmPerPixel }: PaneView,
  point: Vector3,
): PanePoint {
  const { across, acrossSign, down } = axes;
  return {
    x: width / 2 + (acrossSign * (point[across] - centreMm[across])) / mmPerPixel,
    y: height / 2 - (point[down] - centreMm[down]) / mmPerPixel,
  };
}

/** The point of the frame, in the slice that is shown, at a place on the pane. */
export function paneToFrame(view: PaneView, { x, y }: PanePoint): Vector3 {
  const { axes, width, height, centreMm, mmPerPixel } = view;
  const point: [number, number, number] = [...centreMm];
  point[axes.across] += axes.acrossSign * (x - width / 2) * mmPerPixel;
  point[axes.down] -= (y - height / 2) * mmPerPixel;
  return point;
}

/** Empty space around an image that is fitted into its pane. */
const MARGIN = 1.04;

/** Millimetres per pixel at which a whole slice fits into a pane; 1 for a pane without size. */
export function fitMmPerPixel(
  frame: VolumeFrame,
  axes: PlaneAxes,
  { width, height }: { readonly width: number; readonly height: number },
): number {
  if (width <= 0 || height <= 0) return 1;
  const extent = planeExtentMm(frame, axes);
  return Math.max(extent.width / width, extent.height / height) * MARGIN;
}

/** Where the image of a volume's slice lies in a pane. */
export interface SlicePlacement {
  /** The slice nearest to the pane's plane; may lie outside of the volume. */
  readonly slice: number;
  /** CSS pixels per voxel. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** CSS pixels of the image's upper left corner. */
  readonly left: number;
  readonly top: number;
}

/** Where a volume's slice lies, for a view in the volume's own frame. */
export function placeSlice(view: PaneView, { shape, spacingMm, originMm }: VolumeFrame): SlicePlacement {
  const { axes, centreMm, mmPerPixel } = view;
  const { normal, across, acrossSign, down } = axes;
  const firstAcross = acrossSign === 1 ? 0 : shape[across] - 1;
  const corner: [number, number, number] = [...centreMm];
  corner[across] = originMm[across] + (firstAcross - acrossSign * 0.5) * spacingMm[across];
  corner[down] = originMm[down] + (shape[down] - 0.5) * spacingMm[down];
  const { x, y } = frameToPane(view, corner);
  return {
    slice: Math.round((centreMm[normal] - originMm[normal]) / spacingMm[normal]),
    scaleX: spacingMm[across] / mmPerPixel,
    scaleY: spacingMm[down] / mmPerPixel,
    left: x,
    top: y,
  };
}
