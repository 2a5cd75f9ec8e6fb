import { orientationSpec, type OrientationArgs } from '../../../common/components/transforms/spatial.ts';
import { FaultError } from '../../../common/fault.ts';
import { identityAffine, roundAffine } from '../../../common/imaging/affine.ts';
import {
  invertReorientation,
  orientationOf,
  parseAxisCodes,
  reorient,
  reorientAffine,
  type Orientation,
} from '../../../common/imaging/orientation.ts';
import type { Item } from '../../data/item.ts';
import { spatialShapeOf } from '../../data/tensor.ts';
import { fileOf, findMeta, findTensor, listKeys, listMetaKeys } from '../item-access.ts';
import { flipAxes } from '../motions/flip.ts';
import { permuteAxes } from '../motions/permute.ts';
import { recordMotion } from '../record-motion.ts';
import type { Transform } from '../transform.ts';

/** `monai.transforms.Orientationd` (0.8.1): mirrors and exchanges axes, by the affine in each key's metadata; volumes only. */
export function createOrientation(args: OrientationArgs): Transform {
  const { name } = orientationSpec;
  const keys = listKeys(args);
  const metaKeys = listMetaKeys(args, name);
  const target = findTarget(args);

  function applyToKey(item: Item, key: string, index: number): Item {
    const tensor = findTensor(item, key, args, name);
    if (tensor === undefined) return item;
    const shape = spatialShapeOf(tensor);
    if (shape.length !== 3) throw notAVolume(item, key, shape);
    const affine = findMeta(item, metaKeys[index])?.affine ?? identityAffine;
    const turn = reorient(orientationOf(affine), target);
    return recordMotion(item, tensor, {
      name,
      key,
      moved: permuteAxes(flipAxes(tensor, turn.flips), turn.order),
      inverse: { type: 'permute', ...invertReorientation(turn) },
      meta: { key: metaKeys[index], affine: roundAffine(reorientAffine(affine, shape, turn)) },
    });
  }

  return { name, apply: (item) => keys.reduce(applyToKey, item) };
}

function findTarget(args: OrientationArgs): Orientation {
  const target = parseAxisCodes(args.as_closest_canonical ? 'RAS' : (args.axcodes ?? ''));
  if (target !== undefined && isDefaultLabels(args.labels)) return target;
  throw new FaultError({
    code: target === undefined ? 'missing-argument' : 'wrong-argument',
    component: orientationSpec.name,
    argument: target === undefined ? 'axcodes' : 'labels',
    message:
      target === undefined
        ? 'There are no axis codes.'
        : 'Other letters than the usual ones are not supported.',
    allowed: target === undefined ? 'three letters such as RAS' : '[["L","R"],["P","A"],["I","S"]]',
  });
}

const isDefaultLabels = (labels: OrientationArgs['labels']): boolean =>
  labels === null || labels === undefined || labels.flat().join('') === 'LRPAIS';

function notAVolume(item: Item, key: string, shape: readonly number[]): FaultError {
  return new FaultError({
    code: 'image-unreadable',
    ...fileOf(item, key),
    component: orientationSpec.name,
    message: `"${key}" has ${shape.length} spatial axes.`,
    allowed: 'volumes with three spatial axes, after EnsureChannelFirstd',
  });
}
