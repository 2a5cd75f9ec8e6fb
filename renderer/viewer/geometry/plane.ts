import type { Vector3 } from '../../../common/imaging/affine.ts';
import type { VolumeFrame } from './frame.ts';

export type Plane = 'axial' | 'coronal' | 'sagittal';

export const planes: readonly Plane[] = ['axial', 'coronal', 'sagittal'];

/**
 * Which side of the patient is at the left of the screen. Radiological: the patient's right, as if seen from the feet and from
 * the front. Neurological: the patient's left. Sagittal slices have the patient's front at the left in both.
 */
export type Convention = 'radiological' | 'neurological';

export type Axis = 0 | 1 | 2;

/** How a plane lies in a frame of right, anterior and superior. Down the screen every plane runs against its axis. */
export interface PlaneAxes {
  /** The axis that slices follow each other along. */
  readonly normal: Axis;
  /** The axis along the screen's width, and 1 where the screen's right is its positive end. */
  readonly across: Axis;
  readonly acrossSign: 1 | -1;
  /** The axis along the screen's height; its positive end is up. */
  readonly down: Axis;
}

export function axesOf(plane: Plane, convention: Convention): PlaneAxes {
  const leftRight = convention === 'radiological' ? -1 : 1;
  switch (plane) {
    case 'axial':
      return { normal: 2, across: 0, acrossSign: leftRight, down: 1 };
    case 'coronal':
      return { normal: 1, across: 0, acrossSign: leftRight, down: 2 };
    case 'sagittal':
      return { normal: 0, across: 1, acrossSign: -1, down: 2 };
  }
}

const ENDS = ['LR', 'PA', 'IS'] as const;

/** The letter of an axis' end: `axisEnd(0, 1)` is R. */
export const axisEnd = (axis: Axis, sign: 1 | -1): string => ENDS[axis]![sign === 1 ? 1 : 0]!;

/** The letters at the four edges of a pane. */
export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

export function edgeLetters({ across, acrossSign, down }: PlaneAxes): EdgeLetters {
  return {
    left: axisEnd(across, acrossSign === 1 ? -1 : 1),
    right: axisEnd(across, acrossSign),
    top: axisEnd(down, 1),
    bottom: axisEnd(down, -1),
  };
}

/** A point in the world for people: `R 12.5  A 3.0  S 40.2`, each letter by the side that the point is on. */
export const formatWorld = (point: Vector3, digits = 1): string =>
  point
    .map((part, axis) => `${axisEnd(axis as Axis, part < 0 ? -1 : 1)} ${Math.abs(part).toFixed(digits)}`)
    .join('  ');

/** The lengths that a plane's slices have, across and down, edge to edge. */
export function planeExtentMm(
  { shape, spacingMm }: VolumeFrame,
  { across, down }: PlaneAxes,
): {
  readonly width: number;
  readonly height: number;
} {
  return { width: shape[across] * spacingMm[across], height: shape[down] * spacingMm[down] };
}
