import type { Fault } from '../../fault.ts';
import { composeAffine, type Affine, type Vector3 } from '../affine.ts';
import type { SliceHeader } from './slice-header.ts';

/** Slices in order, and where they are. */
export interface SliceStack {
  readonly slices: readonly SliceHeader[];
  /** Voxel index (column, row, slice) to world, RAS. */
  readonly affine: Affine;
  readonly warnings: readonly Fault[];
}

/** A gap of more than so many usual ones means that slices are missing. */
const MISSING = 1.5;
/** Gaps that differ by more than this from the usual one are named. */
const UNEVEN = 0.02;

/**
 * The slices of each image that can be one volume (same series, size and directions), the one of most slices first, and of those
 * with as many the one with the lowest number.
 */
export function groupSlices(headers: readonly SliceHeader[]): readonly (readonly SliceHeader[])[] {
  const groups = Map.groupBy(headers, ({ series, rows, columns, directions }) =>
    [series, rows, columns, ...(directions ?? []).map((part) => part.toFixed(3))].join(' '),
  );
  return [...groups.values()].sort(
    (a, b) => countImages(b) - countImages(a) || (a[0]!.seriesNumber ?? 0) - (b[0]!.seriesNumber ?? 0),
  );
}

/** Images, which a file may hold many of. */
export const countImages = (group: readonly SliceHeader[]): number =>
  group.reduce((sum, { frames }) => sum + frames, 0);

/**
 * Puts the slices of one series in order along their normal, whatever their files are called, and finds what is wrong with
 * their places: `image-geometry` for several slices in one place, missing ones, uneven distances, no places at all.
 */
export function stackSlices(headers: readonly SliceHeader[], name: string): SliceStack {
  const warn = (message: string): Fault => ({ code: 'image-geometry', file: name, message });
  const first = headers[0]!;
  const { directions = [1, 0, 0, 0, 1, 0] } = first;
  const arePlaced = headers.every(({ position }) => position !== undefined);
  if (!arePlaced || first.directions === undefined) {
    const slices = headers.toSorted((a, b) => a.number - b.number);
    return {
      slices,
      affine: affineOf(slices, directions, undefined),
      warnings: [
        warn(
          'The slices do not say where they are: they are shown by their numbers, 1 mm apart unless they tell their thickness.',
        ),
      ],
    };
  }
  const normal = crossProduct(directions);
  const along = ({ position }: SliceHeader): number =>
    position!.reduce((sum, part, axis) => sum + part * normal[axis]!, 0);
  const sorted = headers.toSorted((a, b) => along(a) - along(b) || a.number - b.number);
  const slices = sorted.filter((slice, at) => at === 0 || along(slice) - along(sorted[at - 1]!) > 1e-4);
  const repeated = sorted.length - slices.length;
  return {
    slices,
    affine: affineOf(slices, directions, normal),
    warnings: [
      ...(repeated > 0
        ? [
            warn(
              `${repeated} slices are where another one is (time points or echoes): only the first of each place is shown.`,
            ),
          ]
        : []),
      ...findGaps(slices.map(along), warn),
    ],
  };
}

function findGaps(places: readonly number[], warn: (message: string) => Fault): readonly Fault[] {
  const gaps = places.slice(1).map((place, at) => place - places[at]!);
  if (gaps.length < 2) return [];
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)]!;
  const wide = gaps.flatMap((gap, at) => (gap > usual * MISSING ? [{ at, gap }] : []));
  if (wide.length > 0) {
    const missing = wide.reduce((sum, { gap }) => sum + Math.round(gap / usual) - 1, 0);
    const after = wide.map(({ at }) => at + 1).join(', ');
    return [
      warn(
        `${missing} slices are missing, after slice ${after} of ${places.length}: places behind them are not right.`,
      ),
    ];
  }
  const uneven = gaps.filter((gap) => Math.abs(gap - usual) > usual * UNEVEN);
  if (uneven.length === 0) return [];
  const [low, high] = [Math.min(...gaps), Math.max(...gaps)];
  return [
    warn(
      `The slices are ${low.toFixed(2)} to ${high.toFixed(2)} mm apart; they are shown as if evenly spaced.`,
    ),
  ];
}

const crossProduct = ([a, b, c, d, e, f]: readonly number[]): Vector3 => [
  b! * f! - c! * e!,
  c! * d! - a! * f!,
  a! * e! - b! * d!,
];

/** LPS to RAS: the first two axes of the world change their sign. */
function affineOf(
  slices: readonly SliceHeader[],
  directions: readonly number[],
  normal: Vector3 | undefined,
): Affine {
  const [first, last] = [slices[0]!, slices[slices.length - 1]!];
  const { pixelSpacing: [rowGap, columnGap] = [1, 1], sliceThickness } = first;
  const across = directions.slice(0, 3).map((part) => part * columnGap!);
  const down = directions.slice(3, 6).map((part) => part * rowGap!);
  const step =
    normal !== undefined && slices.length > 1
      ? first.position!.map((part, axis) => (last.position![axis]! - part) / (slices.length - 1))
      : (normal ?? crossProduct(directions)).map((part) => part * (sliceThickness || 1));
  const toRas = [-1, -1, 1];
  const rows = [0, 1, 2].flatMap((world) =>
    [across, down, step].map((direction) => direction[world]! * toRas[world]!),
  );
  const origin = (first.position ?? [0, 0, 0]).map((part, world) => part * toRas[world]!);
  return composeAffine(rows, origin as unknown as Vector3);
}
