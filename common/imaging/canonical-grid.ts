import { invertAffine, voxelSizesMm, type Affine } from './affine.ts';
import {
  formatAxisCodes,
  orientationOf,
  parseAxisCodes,
  reorient,
  reorientAffine,
  type Reorientation,
} from './orientation.ts';

const RAS = parseAxisCodes('RAS')!;

/** Where voxels are in space. */
export interface Grid {
  /** Sizes along x, y and z. */
  readonly shape: readonly [number, number, number];
  /** Voxel index to world, RAS, millimetres. */
  readonly affine: Affine;
}

/** How an image is turned so that its axes point right, anterior and superior as closely as turns by quarters allow. */
export interface CanonicalTurn {
  readonly reorientation: Reorientation;
  /** The grid after the turn. */
  readonly grid: Grid;
  readonly spacingMm: readonly [number, number, number];
  /** Axis codes before the turn, such as LPS. */
  readonly orientation: string;
}

/** The turn to closest canonical RAS; undefined where the affine's axes do not span space. */
export function findCanonicalTurn({ shape, affine }: Grid): CanonicalTurn | undefined {
  if (!affine.every(Number.isFinite) || invertAffine(affine) === undefined) return undefined;
  const orientation = orientationOf(affine);
  const reorientation = reorient(orientation, RAS);
  const turned = reorientAffine(affine, shape, reorientation);
  const sizes = reorientation.order.map((axis) => shape[axis]!) as [number, number, number];
  return {
    reorientation,
    grid: { shape: sizes, affine: turned },
    spacingMm: [...voxelSizesMm(turned)],
    orientation: formatAxisCodes(orientation),
  };
}
