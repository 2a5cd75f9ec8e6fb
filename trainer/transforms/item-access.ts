import { FaultError, type Fault } from '../../common/fault.ts';
import { metaKeyOf, type ImageMeta, type Item, type ItemValue } from '../data/item.ts';
import { isTensor, type Tensor } from '../data/tensor.ts';

/** What every dictionary transform says about the keys that it works on. */
export interface KeyArguments {
  readonly keys: string | readonly string[];
  readonly allow_missing_keys?: boolean;
}

/** What transforms that use metadata say about where it is. */
export interface MetaKeyArguments {
  readonly meta_keys?: string | null | readonly (string | null)[] | undefined;
  readonly meta_key_postfix?: string | readonly string[];
}

/** The keys as a list. */
export function listKeys({ keys }: Pick<KeyArguments, 'keys'>): readonly string[] {
  return typeof keys === 'string' ? [keys] : keys;
}

/** One value per key: a single value repeated, or a list of exactly as many as there are keys. */
export function spreadOverKeys<Value>(
  value: Value | readonly Value[],
  keys: readonly string[],
  component: string,
  argument: string,
): readonly Value[] {
  if (!isList(value)) return keys.map(() => value);
  if (value.length === keys.length) return value;
  throw new FaultError({
    code: 'wrong-argument',
    component,
    argument,
    message: `There are ${value.length} values for ${keys.length} keys.`,
    allowed: 'one value for all keys, or one per key',
  });
}

function isList<Value>(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}

/** Where the metadata of each key is. */
export function listMetaKeys(args: KeyArguments & MetaKeyArguments, component: string): readonly string[] {
  const keys = listKeys(args);
  const named = spreadOverKeys(args.meta_keys ?? null, keys, component, 'meta_keys');
  const postfixes = spreadOverKeys(args.meta_key_postfix ?? 'meta_dict', keys, component, 'meta_key_postfix');
  return keys.map((key, index) => named[index] ?? metaKeyOf(key, postfixes[index]));
}

/** The image under a key. Fault: `data-list` when the item has none. */
export function tensorAt(item: Item, key: string, component: string): Tensor {
  const value = item[key];
  if (isTensor(value)) return value;
  throw new FaultError(missingImage(item, key, component));
}

/** The image under a key; undefined when it is absent and may be. */
export function findTensor(
  item: Item,
  key: string,
  args: KeyArguments,
  component: string,
): Tensor | undefined {
  return item[key] === undefined && args.allow_missing_keys === true
    ? undefined
    : tensorAt(item, key, component);
}

function missingImage(item: Item, key: string, component: string): Fault {
  const images = Object.keys(item).filter((name) => isTensor(item[name]));
  const isPath = typeof item[key] === 'string';
  return {
    code: 'data-list',
    ...fileOf(item),
    component,
    argument: 'keys',
    message: isPath ? `"${key}" has not been loaded yet.` : `The case has no image "${key}".`,
    allowed: isPath
      ? 'keys that LoadImaged has read before'
      : `${images.length === 0 ? 'none: LoadImaged has to come first' : images.join(', ')}`,
  };
}

/** The metadata under a key; undefined when there is none. */
export function findMeta(item: Item, metaKey: string): ImageMeta | undefined {
  const value = item[metaKey];
  return isMeta(value) ? value : undefined;
}

function isMeta(value: ItemValue | undefined): value is ImageMeta {
  return typeof value === 'object' && value !== null && 'originalAffine' in value && 'fileName' in value;
}

/** The file that a fault about an image names: its own where known, else any of the item's. */
export function fileOf(item: Item, key?: string): Pick<Fault, 'file'> {
  const own = key === undefined ? undefined : findMeta(item, metaKeyOf(key));
  const meta = own ?? Object.values(item).find(isMeta);
  if (meta !== undefined) return { file: meta.fileName };
  return typeof item.image === 'string' ? { file: item.image } : {};
}

/** The item with every present key's image changed. */
export function mapImages(
  item: Item,
  args: KeyArguments,
  component: string,
  change: (tensor: Tensor, index: number, key: string) => Tensor,
): Item {
  const changed: Record<string, ItemValue> = { ...item };
  listKeys(args).forEach((key, index) => {
    const tensor = findTensor(item, key, args, component);
    if (tensor !== undefined) changed[key] = change(tensor, index, key);
  });
  return changed;
}
