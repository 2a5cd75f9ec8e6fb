import {
  composeAffine,
  invertAffine,
  transformPoint,
  type Affine,
  type Vector3,
} from '../../../common/imaging/affine.ts';

/**
 * A volume's own straight axes in millimetres: they run along its voxel axes (right, anterior, superior as closely as turns by
 * quarters allow) and share the world's origin. In it, slices are flat and distances are true, also for oblique volumes.
 */
export interface VolumeFrame {
  readonly shape: Vector3;
  readonly spacingMm: Vector3;
  /** Where the centre of voxel 0 is. */
  readonly originMm: Vector3;
  /** From the frame to the world: a rotation (with a shear where the volume has one). */
  readonly toWorld: Affine;
  readonly fromWorld: Affine;
}

export interface FrameSource {
  readonly shape: readonly number[];
  readonly spacingMm: readonly number[];
  readonly affine: readonly number[];
}

/** The frame of a volume whose affine can be inverted. */
export function frameOf({ shape, spacingMm, affine }: FrameSource): VolumeFrame {
  const linear = [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((column) => affine[row * 4 + column]! / spacingMm[column]!),
  );
  const toWorld = composeAffine(linear, [0, 0, 0]);
  const fromWorld = invertAffine(toWorld)!;
  return {
    shape: shape as unknown as Vector3,
    spacingMm: spacingMm as unknown as Vector3,
    originMm: transformPoint(fromWorld, [affine[3]!, affine[7]!, affine[11]!]),
    toWorld,
    fromWorld,
  };
}

/** The frame's point of a (fractional) voxel. */
export const voxelToFrame = ({ originMm, spacingMm }: VolumeFrame, voxel: Vector3): Vector3 => [
  originMm[0] + voxel[0] * spacingMm[0],
  originMm[1] + voxel[1] * spacingMm[1],
  originMm[2] + voxel[2] * spacingMm[2],
];

/** The fractional voxel at a point of the frame. */
export const frameToVoxel = ({ originMm, spacingMm }: VolumeFrame, point: Vector3): Vector3 => [
  (point[0] - originMm[0]) / spacingMm[0],
  (point[1] - originMm[1]) / spacingMm[1],
  (point[2] - originMm[2]) / spacingMm[2],
];

export const frameToWorld = ({ toWorld }: VolumeFrame, point: Vector3): Vector3 =>
  transformPoint(toWorld, point);

export const worldToFrame = ({ fromWorld }: VolumeFrame, point: Vector3): Vector3 =>
  transformPoint(fromWorld, point);

/** The same place of the world in another volume's frame. */
export const changeFrame = (from: VolumeFrame, to: VolumeFrame, point: Vector3): Vector3 =>
  worldToFrame(to, frameToWorld(from, point));

/** The voxel whose centre is nearest, within the volume. */
export function nearestVoxel(frame: VolumeFrame, point: Vector3): Vector3 {
  const voxel = frameToVoxel(frame, point);
  return voxel.map((index, axis) =>
    Math.min(frame.shape[axis]! - 1, Math.max(0, Math.round(index))),
  ) as unknown as Vector3;
}

/** Whether a point lies within the volume's voxels, edges included. */
export const isInside = (frame: VolumeFrame, point: Vector3): boolean =>
  frameToVoxel(frame, point).every((index, axis) => index >= -0.5 && index <= frame.shape[axis]! - 0.5);

/** The middle of the volume: a voxel's centre. */
export const middleOf = (frame: VolumeFrame): Vector3 =>
  voxelToFrame(frame, frame.shape.map((size) => Math.floor(size / 2)) as unknown as Vector3);
