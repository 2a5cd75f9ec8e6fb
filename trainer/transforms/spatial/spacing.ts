import {
  identityAffine,
  invertAffine,
  isAllClose,
  roundAffine,
  type Affine,
} from '../../../common/imaging/affine.ts';
import { spacingSpec, type SpacingArgs } from '../../../common/components/transforms/spatial.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Item } from '../../data/item.ts';
import { spatialShapeOf, type Tensor } from '../../data/tensor.ts';
import type { InverseMotion } from '../applied-transform.ts';
import { fileOf, findMeta, findTensor, listKeys, listMetaKeys, spreadOverKeys } from '../item-access.ts';
import { resample } from '../motions/resample.ts';
import type { Resampling } from '../motions/resampling.ts';
import { recordMotion } from '../record-motion.ts';
import type { Transform } from '../transform.ts';
import { fillVoxelSizes, findTargetGrid, type TargetGrid } from './target-grid.ts';

/** An index map this near to the identity leaves the voxels alone. */
const IDENTITY_TOLERANCE = 1e-3;

/**
 * `monai.transforms.Spacingd` (0.8.1): resamples each key, by the affine in its metadata (identity without), to voxels of
 * `pixdim` mm. Voxel 0 keeps its place; the new affine is stored rounded to float32. Nothing is interpolated where the grid
 * hardly changes (1e-3 voxel).
 */
export function createSpacing(args: SpacingArgs): Transform {
  const { name } = spacingSpec;
  const keys = listKeys(args);
  const metaKeys = listMetaKeys(args, name);
  const modes = spreadOverKeys(args.mode, keys, name, 'mode');
  const paddingModes = spreadOverKeys(args.padding_mode, keys, name, 'padding_mode');
  const alignCorners = spreadOverKeys(args.align_corners, keys, name, 'align_corners');
  const pixdim = typeof args.pixdim === 'number' ? [args.pixdim] : args.pixdim;

  function applyToKey(item: Item, key: string, index: number): Item {
    const tensor = findTensor(item, key, args, name);
    if (tensor === undefined) return item;
    const affine = findMeta(item, metaKeys[index])?.affine ?? identityAffine;
    const shape = spatialShapeOf(tensor);
    const grid = findTargetGrid(
      flattenAffine(affine, shape.length),
      shape,
      fillVoxelSizes(pixdim, affine, shape.length),
      args.diagonal,
    );
    if (grid === undefined) throw singularAffine(item, key);
    const how = {
      mode: modes[index],
      paddingMode: paddingModes[index],
      alignCorners: alignCorners[index] ?? false,
    };
    const { moved, inverse } = moveToGrid(tensor, grid, how);
    return recordMotion(item, tensor, {
      name,
      key,
      moved,
      inverse,
      meta: { key: metaKeys[index], affine: roundAffine(restoreRows(grid.affine, affine, shape.length)) },
    });
  }

  return { name, apply: (item) => keys.reduce(applyToKey, item) };
}

type Interpolation = Pick<Resampling, 'mode' | 'paddingMode' | 'alignCorners'>;

function moveToGrid(
  tensor: Tensor,
  grid: TargetGrid,
  how: Interpolation,
): { moved: Tensor; inverse: InverseMotion } {
  if (isAllClose(grid.indexMap, identityAffine, IDENTITY_TOLERANCE)) {
    return { moved: tensor, inverse: { type: 'window', start: grid.shape.map(() => 0) } };
  }
  const moved = resample(tensor, { ...how, indexMap: grid.indexMap, shape: grid.shape });
  const indexMap = invertAffine(grid.indexMap) ?? identityAffine;
  return { moved, inverse: { type: 'resample', ...how, indexMap } };
}

/** The part of an affine that `rank` axes use; further axes stand apart, 1 mm each. */
function flattenAffine(affine: Affine, rank: number): Affine {
  return affine.map((value, at) => {
    const [row, column] = [Math.floor(at / 4), at % 4];
    const isUsed = row < rank && (column < rank || column === 3);
    return isUsed || row === 3 ? value : identityAffine[at];
  });
}

/** The new affine of `rank` axes, with the rest of the old one. */
function restoreRows(flat: Affine, old: Affine, rank: number): Affine {
  return flat.map((value, at) => {
    const [row, column] = [Math.floor(at / 4), at % 4];
    return row < rank && (column < rank || column === 3) ? value : old[at];
  });
}

function singularAffine(item: Item, key: string): FaultError {
  return new FaultError({
    code: 'image-unreadable',
    ...fileOf(item, key),
    component: spacingSpec.name,
    message: `The affine of "${key}" does not say where its voxels are: its axes do not span space.`,
    allowed: 'an affine with three independent columns',
  });
}
