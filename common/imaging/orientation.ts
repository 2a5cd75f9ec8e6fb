import {
  composeAffine,
  linearPart,
  multiplyAffines,
  voxelSizesMm,
  type Affine,
  type Vector3,
} from './affine.ts';
import { nearestRotation } from './rotation.ts';

/** Where one voxel axis points: the world axis (0 is left-right) that it is closest to, and 1 along or -1 against it. */
export interface AxisDirection {
  readonly worldAxis: number;
  readonly sign: 1 | -1;
}

/** One direction per voxel axis. */
export type Orientation = readonly AxisDirection[];

/** What turns an image: first the axes in `flips` are mirrored, then output axis i takes axis `order[i]`. */
export interface Reorientation {
  readonly order: readonly number[];
  readonly flips: readonly number[];
}

const LETTERS = ['LR', 'PA', 'IS'] as const;

/**
 * The closest world axis of every voxel axis, each used once: nibabel's `io_orientation`. Shears are taken out first by
 * the rotation nearest to the affine; then voxel axes choose in order x, y, z.
 */
export function orientationOf(affine: Affine): Orientation {
  const sizes = voxelSizesMm(affine).map((size) => (size === 0 ? 1 : size));
  const rotation = [...nearestRotation(linearPart(affine).map((value, at) => value / sizes[at % 3]!))];
  return [0, 1, 2].map((voxelAxis) => {
    const column = [0, 1, 2].map((row) => rotation[row * 3 + voxelAxis]!);
    const worldAxis = column.reduce(
      (best, value, row) => (Math.abs(value) > Math.abs(column[best]!) ? row : best),
      0,
    );
    const sign = column[worldAxis]! < 0 ? -1 : 1;
    rotation.fill(0, worldAxis * 3, worldAxis * 3 + 3);
    return { worldAxis, sign };
  });
}

/** The letters of an orientation, e.g. `RAS`. */
export function formatAxisCodes(orientation: Orientation): string {
  return orientation.map(({ worldAxis, sign }) => LETTERS[worldAxis]![sign === 1 ? 1 : 0]!).join('');
}

/** The orientation that three letters name, e.g. `RAS` or `PLI`; undefined when they do not name each world axis once. */
export function parseAxisCodes(codes: string): Orientation | undefined {
  const orientation = [...codes.toUpperCase()].map((letter): AxisDirection => {
    const worldAxis = LETTERS.findIndex((ends) => ends.includes(letter));
    return { worldAxis, sign: worldAxis >= 0 && LETTERS[worldAxis]![0] === letter ? -1 : 1 };
  });
  const named = new Set(orientation.map(({ worldAxis }) => worldAxis));
  return orientation.length === 3 && named.size === 3 && !named.has(-1) ? orientation : undefined;
}

/** The turn that takes an image from one orientation to another. */
export function reorient(from: Orientation, to: Orientation): Reorientation {
  const order = to.map(({ worldAxis }) => from.findIndex((direction) => direction.worldAxis === worldAxis));
  const flips = to.flatMap(({ sign }, axis) => (from[order[axis]!]!.sign === sign ? [] : [order[axis]!]));
  return { order, flips: flips.sort((a, b) => a - b) };
}

/** The turn that undoes another. */
export function invertReorientation({ order, flips }: Reorientation): Reorientation {
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return { order: inverse, flips: flips.map((axis) => order.indexOf(axis)).sort((a, b) => a - b) };
}

/** The affine of the turned image: `shape` are the spatial sizes (x, y, z) before the turn. */
export function reorientAffine(
  affine: Affine,
  shape: readonly number[],
  { order, flips }: Reorientation,
): Affine {
  const linear = new Array<number>(9).fill(0);
  const origin: [number, number, number] = [0, 0, 0];
  order.forEach((from, to) => {
    const isFlipped = flips.includes(from);
    linear[from * 3 + to] = isFlipped ? -1 : 1;
    origin[from] = isFlipped ? shape[from]! - 1 : 0;
  });
  return multiplyAffines(affine, composeAffine(linear, origin satisfies Vector3));
}
