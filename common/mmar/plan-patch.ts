import { findComponent } from '../components/catalogue.ts';
import { parseArguments } from './parse-arguments.ts';
import type { ComponentNode } from './resolved-config.ts';

/** What transforms make of the smallest image that there could be: every size is the least that it can be. */
export interface PatchPlan {
  /** Spatial sizes of a patch. */
  readonly size: readonly number[];
  /** Patches that are made of one case. */
  readonly patchesPerCase: number;
  /** Voxels of the largest image on the way, of one channel. */
  readonly mostVoxels: number;
  /** Voxels of an image before the first random transform, as a cache holds it, of one channel. */
  readonly cachedVoxels: number;
  /** The transform that gave the patch its size; undefined where none does. */
  readonly setBy?: ComponentNode;
}

type Arguments = Readonly<Record<string, unknown>>;

/** What a transform does to the smallest size that there could be before it. */
type Step = (size: readonly number[], args: Arguments) => readonly number[];

const unknownSizes: Step = (size) => size.map(() => 1);
const anyOrder: Step = (size) => size.map(() => Math.min(...size));

/** A step per axis, where the argument names a size of at least 1. */
const towards =
  (
    argument: 'spatial_size' | 'roi_size',
    change: (own: number, wanted: number, args: Arguments) => number,
  ): Step =>
  (size, args) => {
    const value = args[argument];
    return size.map((own, axis) => {
      const wanted: unknown = Array.isArray(value) ? value[axis] : value;
      return typeof wanted === 'number' && wanted >= 1 ? change(own, wanted, args) : own;
    });
  };

/** Transforms that change sizes; all others leave them as they are. */
const steps: Readonly<Record<string, Step>> = {
  Spacingd: unknownSizes,
  CropForegroundd: unknownSizes,
  Orientationd: anyOrder,
  RandRotate90d: anyOrder,
  SpatialPadd: towards('spatial_size', (own, wanted) => Math.max(own, wanted)),
  ResizeWithPadOrCropd: towards('spatial_size', (_, wanted) => wanted),
  Resized: (size, args) =>
    args.size_mode === 'longest'
      ? unknownSizes(size, args)
      : towards('spatial_size', (_, wanted) => wanted)(size, args),
  // A patch that may be smaller is at most as large as what it is cut from.
  RandCropByPosNegLabeld: towards('spatial_size', (own, wanted, { allow_smaller }) =>
    allow_smaller === true ? Math.min(own, wanted) : wanted,
  ),
  RandSpatialCropd: towards('roi_size', (own, wanted) => Math.min(own, wanted)),
  CenterSpatialCropd: towards('roi_size', (own, wanted) => Math.min(own, wanted)),
};

/**
 * Follows sizes through a chain of transforms without knowing any image: what pads, crops and resizing fix is known, all else is
 * one voxel. So what is planned is less than what comes, never more.
 *
 * @param key the key of a case whose image is followed
 * @param rank number of spatial axes
 */
export function planPatch(transforms: readonly ComponentNode[], key: string, rank: number): PatchPlan {
  let size: readonly number[] = Array.from({ length: rank }, () => 1);
  let patchesPerCase = 1;
  let mostVoxels = 1;
  let cachedVoxels: number | undefined;
  let setBy: ComponentNode | undefined;
  for (const node of transforms) {
    const spec = node.path === undefined ? findComponent(node.name, 'transform') : undefined;
    const parsed = spec === undefined ? undefined : parseArguments(node, spec);
    if (spec?.name.startsWith('Rand') !== false) cachedVoxels ??= countVoxels(size);
    if (spec === undefined || parsed?.ok !== true) {
      // Of a user's own transform nothing is known.
      size = size.map(() => 1);
      continue;
    }
    const args: Arguments = parsed.value;
    if (![args.keys].flat().includes(key)) continue;
    const next = steps[spec.name]?.(size, args) ?? size;
    const namesSize = args.spatial_size !== undefined || args.roi_size !== undefined;
    if (namesSize && next.join() !== size.join()) setBy = node;
    size = next;
    mostVoxels = Math.max(mostVoxels, countVoxels(size));
    if (typeof args.num_samples === 'number') patchesPerCase *= args.num_samples;
  }
  cachedVoxels ??= countVoxels(size);
  return { size, patchesPerCase, mostVoxels, cachedVoxels, ...(setBy && { setBy }) };
}

const countVoxels = (size: readonly number[]): number => size.reduce((product, part) => product * part, 1);
