import { linearPart, voxelSizesMm, type Affine } from '../../../common/imaging/affine.ts';
import {
  orientationOf,
  parseAxisCodes,
  reorient,
  type Orientation,
} from '../../../common/imaging/orientation.ts';
import { findComponent } from '../../../common/components/catalogue.ts';
import { parseArguments } from '../../../common/mmar/parse-arguments.ts';
import type { ComponentNode } from '../../../common/mmar/resolved-config.ts';
import {
  exactly,
  exactSize,
  mapBounds,
  perAxisSize,
  shrinkBy,
  unknownSize,
  type SizeBounds,
} from './size-bounds.ts';

/** An image as it comes from its file. */
export interface ImageGeometry {
  /** Sizes along x, y and z. */
  readonly size: readonly number[];
  readonly affine: Affine;
}

/** A patch that does not fit into an image, whatever the transforms before it do. */
export interface PatchProblem {
  readonly component: ComponentNode;
  readonly patch: readonly (number | undefined)[];
  /** The largest size that the image can have there. */
  readonly size: readonly number[];
}

/** What becomes of an image's size. */
export interface SizeTrace {
  readonly bounds: SizeBounds;
  readonly problem?: PatchProblem;
}

/** Size and, while they are known, voxel sizes and orientation. */
interface TraceState {
  readonly bounds: SizeBounds;
  readonly spacingMm?: readonly number[];
  readonly orientation?: Orientation;
}

type Arguments = Readonly<Record<string, unknown>>;
type Step = (state: TraceState, args: Arguments) => TraceState;

/** Follows the size of one image, from its header alone. */
export type TraceSizes = (image: ImageGeometry) => SizeTrace;

/** A transform that is known, with its arguments; or one of which nothing is known. */
interface KnownTransform {
  readonly component: ComponentNode;
  readonly name: string;
  readonly args: Arguments;
}

/**
 * Prepares to follow images through a chain of transforms. Transforms whose result depends on the voxels
 * (CropForegroundd) leave bounds; those of a user's own leave nothing known.
 *
 * A trace stops at the first patch that cannot fit.
 *
 * @param key the key of a case whose image is followed
 */
export function prepareSizeTrace(transforms: readonly ComponentNode[], key: string): TraceSizes {
  const chain = transforms
    .map(recogniseTransform)
    .filter((transform) => transform === undefined || keysOf(transform.args).includes(key));
  return (image) => traceSizes(chain, image);
}

function recogniseTransform(component: ComponentNode): KnownTransform | undefined {
  const spec = component.path === undefined ? findComponent(component.name, 'transform') : undefined;
  if (spec === undefined) return undefined;
  const parsed = parseArguments(component, spec);
  return parsed.ok ? { component, name: spec.name, args: parsed.value } : undefined;
}

function traceSizes(chain: readonly (KnownTransform | undefined)[], image: ImageGeometry): SizeTrace {
  let state = startOf(image);
  for (const transform of chain) {
    if (transform === undefined) {
      state = { bounds: unknownSize(image.size.length) };
      continue;
    }
    const { component, name, args } = transform;
    const problem =
      name === 'RandCropByPosNegLabeld' ? findPatchProblem(component, args, state.bounds) : undefined;
    if (problem !== undefined) return { bounds: state.bounds, problem };
    state = steps[name]?.(state, args) ?? state;
  }
  return { bounds: state.bounds };
}

function startOf({ size, affine }: ImageGeometry): TraceState {
  // A sheared grid changes its size in a way that depends on all axes at once.
  if (size.length < 3 || isSheared(affine)) return { bounds: exactly(size) };
  return { bounds: exactly(size), spacingMm: voxelSizesMm(affine), orientation: orientationOf(affine) };
}

function isSheared(affine: Affine): boolean {
  const sizes = voxelSizesMm(affine);
  const linear = linearPart(affine);
  const cosine = (a: number, b: number): number =>
    [0, 3, 6].reduce((sum, row) => sum + linear[row + a]! * linear[row + b]!, 0) / (sizes[a]! * sizes[b]!);
  return [cosine(0, 1), cosine(0, 2), cosine(1, 2)].some((value) => !(Math.abs(value) < 1e-4));
}

/** The keys of an item that a transform works on. */
export function keysOf({ keys }: Arguments): readonly string[] {
  return Array.isArray(keys) ? (keys as readonly string[]) : typeof keys === 'string' ? [keys] : [];
}

function findPatchProblem(
  component: ComponentNode,
  args: Arguments,
  { upper }: SizeBounds,
): PatchProblem | undefined {
  if (args.allow_smaller === true) return undefined;
  const patch = perAxisSize(args.spatial_size, upper.length);
  const fits = patch.every((size, axis) => size === undefined || size <= upper[axis]!);
  return fits ? undefined : { component, patch, size: upper };
}

/** What each transform that changes sizes does to them. All others leave them as they are. */
const steps: Readonly<Record<string, Step>> = {
  Spacingd({ bounds, spacingMm, orientation }, args) {
    if (spacingMm === undefined || args.diagonal === true)
      return { bounds: unknownSize(bounds.lower.length) };
    // From the centre of the first voxel to that of the last, as MONAI's compute_shape_offset.
    const given = Array.isArray(args.pixdim) ? (args.pixdim as readonly number[]) : undefined;
    const pixdim = spacingMm.map((own, axis) => {
      const wanted = given === undefined ? Number(args.pixdim) : (given[axis] ?? 1);
      return wanted > 0 ? wanted : own;
    });
    const resample = (size: number, axis: number): number =>
      roundHalfToEven(((size - 1) * spacingMm[axis]!) / pixdim[axis]! + 1);
    return { bounds: mapBounds(bounds, resample), spacingMm: pixdim, ...(orientation && { orientation }) };
  },

  Orientationd({ bounds, spacingMm, orientation }, args) {
    const wanted = parseAxisCodes(args.as_closest_canonical === true ? 'RAS' : String(args.axcodes));
    if (orientation === undefined || wanted === undefined) return { bounds: anyOrder(bounds) };
    const { order } = reorient(orientation, wanted);
    const turn = (values: readonly number[]): readonly number[] => order.map((axis) => values[axis]!);
    const turned = { lower: turn(bounds.lower), upper: turn(bounds.upper) };
    return { bounds: turned, orientation: wanted, ...(spacingMm && { spacingMm: turn(spacingMm) }) };
  },

  CropForegroundd: ({ bounds, ...rest }, args) =>
    args.k_divisible === 1
      ? { ...rest, bounds: shrinkBy(bounds) }
      : { ...rest, bounds: unknownSize(bounds.lower.length) },

  RandCropByPosNegLabeld: (state, args) =>
    args.allow_smaller === true ? cropTo(state, args.spatial_size) : setTo(state, args.spatial_size),

  CenterSpatialCropd: (state, args) => cropTo(state, args.roi_size),

  RandSpatialCropd(state, args) {
    if (args.random_size !== true) return cropTo(state, args.roi_size);
    const largest = perAxisSize(args.max_roi_size, state.bounds.upper.length);
    const { lower } = cropTo(state, args.roi_size).bounds;
    return {
      ...state,
      bounds: { lower, upper: state.bounds.upper.map((size, axis) => Math.min(size, largest[axis] ?? size)) },
    };
  },

  SpatialPadd(state, args) {
    const least = perAxisSize(args.spatial_size, state.bounds.upper.length);
    return { ...state, bounds: mapBounds(state.bounds, (size, axis) => Math.max(size, least[axis] ?? 1)) };
  },

  DivisiblePadd(state, args) {
    const multiples = perAxisSize(args.k, state.bounds.upper.length);
    const pad = (size: number, axis: number): number => {
      const multiple = multiples[axis] ?? 1;
      return Math.ceil(size / multiple) * multiple;
    };
    const exact = exactSize(state.bounds);
    return { ...state, bounds: exact === undefined ? mapBounds(state.bounds, pad) : exactly(exact.map(pad)) };
  },

  ResizeWithPadOrCropd: (state, args) => setTo(state, args.spatial_size),

  Resized(state, args) {
    if (args.size_mode === 'longest') return { bounds: unknownSize(state.bounds.upper.length) };
    const { spacingMm: _, ...rest } = setTo(state, args.spatial_size);
    return rest;
  },

  RandRotate90d: ({ bounds }) => ({ bounds: anyOrder(bounds) }),

  RandZoomd: (state, args) =>
    args.keep_size === true ? state : { bounds: unknownSize(state.bounds.upper.length) },
};

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function cropTo(state: TraceState, size: unknown): TraceState {
  const most = perAxisSize(size, state.bounds.upper.length);
  return { ...state, bounds: mapBounds(state.bounds, (own, axis) => Math.min(own, most[axis] ?? own)) };
}

function setTo(state: TraceState, size: unknown): TraceState {
  const wanted = perAxisSize(size, state.bounds.upper.length);
  return { ...state, bounds: mapBounds(state.bounds, (own, axis) => wanted[axis] ?? own) };
}

/** The axes may have been exchanged. */
function anyOrder({ lower, upper }: SizeBounds): SizeBounds {
  return { lower: lower.map(() => Math.min(...lower)), upper: upper.map(() => Math.max(...upper)) };
}
