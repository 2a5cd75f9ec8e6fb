import { findCanonicalTurn, type CanonicalTurn } from '../../common/imaging/canonical-grid.ts';
import { diagonalAffine } from '../../common/imaging/affine.ts';
import { measureValues, type ValueStatistics } from '../../common/imaging/value-statistics.ts';
import type { CutBox, StepImage } from '../../common/preview-protocol.ts';
import type { Item } from '../data/item.ts';
import type { Tensor } from '../data/tensor.ts';
import { appliedTransforms } from '../transforms/record-motion.ts';
import { channelCount, listTensors, spatialSizes, type ImagePlace, type ImagePlaces } from './image-place.ts';

/** One item on its way: what it holds, where its images are, and which item before it was made of. */
export interface PlacedItem {
  readonly item: Item;
  readonly places: ImagePlaces;
  readonly parent: number;
}

/** How an image is turned to be shown; axes that do not span space are taken as they come. */
export function turnOf(tensor: Tensor, place: ImagePlace): CanonicalTurn {
  const shape = spatialSizes(tensor, place);
  return (
    findCanonicalTurn({ shape, affine: place.affine }) ??
    findCanonicalTurn({ shape, affine: diagonalAffine([1, 1, 1]) })!
  );
}

const measured = new WeakMap<Tensor, ValueStatistics>();

function statisticsOf(tensor: Tensor): ValueStatistics {
  const known = measured.get(tensor) ?? measureValues(tensor.data);
  measured.set(tensor, known);
  return known;
}

/** All images of some items, as the window is told of them. */
export function describeImages(
  items: readonly PlacedItem[],
  before: readonly PlacedItem[],
): readonly StepImage[] {
  return items.flatMap(({ item, places, parent }, number) =>
    listTensors(item).map(([key, tensor]): StepImage => {
      const place = places.get(key)!;
      const { grid, spacingMm, orientation } = turnOf(tensor, place);
      return {
        item: number,
        key,
        dataShape: [...tensor.shape],
        channels: channelCount(tensor, place),
        shape: [...grid.shape],
        spacingMm: [...spacingMm],
        orientation,
        dtype: 'float32',
        statistics: statisticsOf(tensor),
        changed: before[parent]?.item[key] !== tensor,
      };
    }),
  );
}

/** The windows that a step cut out of the first image of each item. */
export function findBoxes(items: readonly PlacedItem[], before: readonly PlacedItem[]): readonly CutBox[] {
  return items.flatMap(({ item, places, parent }, number): CutBox[] => {
    const source = before[parent];
    const found = listTensors(item).flatMap(([key, tensor]): CutBox[] => {
      const old = source?.item[key];
      const oldPlace = source?.places.get(key);
      const fresh = appliedTransforms(item, key).slice(
        source === undefined ? 0 : appliedTransforms(source.item, key).length,
      );
      const [record] = fresh;
      if (record?.inverse.type !== 'window' || fresh.length > 1 || oldPlace === undefined) return [];
      const { start } = record.inverse;
      const size = spatialSizes(tensor, places.get(key)!);
      return [{ item: number, parent, ...turnBox(start, size, turnOf(old as Tensor, oldPlace)) }];
    });
    return found.slice(0, 1);
  });
}

/** A box in voxels of an image, in voxels of the image as it is turned to be shown. */
function turnBox(
  start: readonly number[],
  size: readonly number[],
  { reorientation: { order, flips }, grid }: CanonicalTurn,
): Pick<CutBox, 'start' | 'size'> {
  const sizes = order.map((axis) => size[axis] ?? 1) as CutBox['size'];
  const starts = order.map((axis, shown) => {
    const first = start[axis] ?? 0;
    return flips.includes(axis) ? grid.shape[shown] - first - sizes[shown] : first;
  }) as CutBox['start'];
  return { start: starts, size: sizes };
}
