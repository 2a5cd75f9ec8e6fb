import {
  addChannelSpec,
  ensureChannelFirstSpec,
  type AddChannelArgs,
  type EnsureChannelFirstArgs,
} from '../../../common/components/transforms/utility.ts';
import { FaultError } from '../../../common/fault.ts';
import type { Item } from '../../data/item.ts';
import { moveAxisToFront } from '../../data/move-axis.ts';
import { createTensor, type Tensor } from '../../data/tensor.ts';
import { fileOf, findMeta, listKeys, listMetaKeys, mapImages, tensorAt } from '../item-access.ts';
import type { Transform } from '../transform.ts';

/** `monai.transforms.EnsureChannelFirstd` (0.8.1): by what the metadata say of the file's channel axis. */
export function createEnsureChannelFirst(args: EnsureChannelFirstArgs): Transform {
  const { name } = ensureChannelFirstSpec;
  const keys = listKeys(args);
  const metaKeys = listMetaKeys(args, name);

  function applyToKey(item: Item, key: string, index: number): Item {
    const tensor = tensorAt(item, key, name);
    const meta = findMeta(item, metaKeys[index]);
    if (meta === undefined) {
      if (!args.strict_check) return item;
      throw missingMeta(item, key, metaKeys[index]);
    }
    const { originalChannelDim } = meta;
    const moved =
      originalChannelDim === 'no_channel' ? addChannel(tensor) : moveAxisToFront(tensor, originalChannelDim);
    return { ...item, [key]: moved };
  }

  return { name, apply: (item) => keys.reduce(applyToKey, item) };
}

function missingMeta(item: Item, key: string, metaKey: string): FaultError {
  return new FaultError({
    code: 'data-list',
    ...fileOf(item),
    component: ensureChannelFirstSpec.name,
    argument: 'meta_keys',
    message: `There is no metadata "${metaKey}" for "${key}", so its channel axis is unknown.`,
    allowed: 'images read by LoadImaged with image_only false, or strict_check false',
  });
}

/** `monai.transforms.AddChanneld` (0.8.1). */
export function createAddChannel(args: AddChannelArgs): Transform {
  const { name } = addChannelSpec;
  return { name, apply: (item) => mapImages(item, args, name, addChannel) };
}

const addChannel = ({ shape, data }: Tensor): Tensor => createTensor([1, ...shape], data);
