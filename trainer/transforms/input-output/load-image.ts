import { loadImageSpec, type LoadImageArgs } from '../../../common/components/transforms/input-output.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Item, ItemValue } from '../../data/item.ts';
import { readImage } from '../../data/read-image.ts';
import { fileOf, listKeys, listMetaKeys } from '../item-access.ts';
import type { Transform } from '../transform.ts';

const { name } = loadImageSpec;

/**
 * `monai.transforms.LoadImaged` (0.8.1): replaces the file name (or list of names) under each key by the voxels, without a
 * channel axis in front, and puts the metadata beside it. Faults: those of readImage, and `data-list` for a key that names no
 * file.
 */
export function createLoadImage(args: LoadImageArgs): Transform {
  const keys = listKeys(args);
  const metaKeys = listMetaKeys(args, name);

  function applyToKey(item: Item, key: string, index: number): Item {
    if (item[key] === undefined && args.allow_missing_keys) return item;
    const { voxels, meta } = readImage(filesAt(item, key));
    if (args.image_only) return { ...item, [key]: voxels };
    if (item[metaKeys[index]] !== undefined && !args.overwriting) throw metaExists(item, metaKeys[index]);
    return { ...item, [key]: voxels, [metaKeys[index]]: meta };
  }

  return { name, apply: (item) => keys.reduce(applyToKey, item) };
}

function filesAt(item: Item, key: string): string | readonly string[] {
  const value = item[key];
  if (typeof value === 'string') return value;
  if (isTextList(value)) return value;
  throw new FaultError({
    code: 'data-list',
    ...fileOf(item),
    component: name,
    argument: 'keys',
    message: value === undefined ? `The case has no "${key}".` : `"${key}" of the case names no file.`,
    allowed: `cases with "${key}" as a path or a list of paths, other keys, or allow_missing_keys true`,
  });
}

const isTextList = (value: ItemValue | undefined): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'string');

function metaExists(item: Item, metaKey: string): FaultError {
  return new FaultError({
    code: 'wrong-argument',
    ...fileOf(item),
    component: name,
    argument: 'overwriting',
    message: `There is metadata "${metaKey}" already.`,
    allowed: 'overwriting true, or other meta_keys',
  });
}
