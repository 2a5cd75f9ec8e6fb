import {
  castToTypeSpec,
  ensureTypeSpec,
  toTensorSpec,
  type CastToTypeArgs,
  type ElementType,
  type EnsureTypeArgs,
  type ToTensorArgs,
} from '../../../common/components/transforms/utility.ts';
import { createTensor, type Tensor } from '../../data/tensor.ts';
import { listKeys, mapImages, spreadOverKeys, type KeyArguments } from '../item-access.ts';
import type { Transform } from '../transform.ts';

/** `monai.transforms.CastToTyped` (0.8.1): values as the type would hold them, kept as float32. */
export function createCastToType(args: CastToTypeArgs): Transform {
  const { name } = castToTypeSpec;
  const types = spreadOverKeys(args.dtype, listKeys(args), name, 'dtype');
  return {
    name,
    apply: (item) => mapImages(item, args, name, (tensor, index) => castTensor(tensor, types[index])),
  };
}

/** `monai.transforms.ToTensord` (0.8.1): images are tensors already, so only a dtype changes something. */
export function createToTensor(args: ToTensorArgs): Transform {
  return createTypeCheck(toTensorSpec.name, args);
}

/** `monai.transforms.EnsureTyped` (0.8.1): images are tensors already, so only a dtype changes something. */
export function createEnsureType(args: EnsureTypeArgs): Transform {
  return createTypeCheck(ensureTypeSpec.name, args);
}

function createTypeCheck(
  name: string,
  args: KeyArguments & { readonly dtype?: ElementType | null | undefined },
): Transform {
  const type = args.dtype ?? 'float32';
  return { name, apply: (item) => mapImages(item, args, name, (tensor) => castTensor(tensor, type)) };
}

/** Integers drop the fraction and wrap around, as C and numpy convert. */
const casts: Readonly<Record<ElementType, ((data: Float32Array) => ArrayLike<number>) | undefined>> = {
  float16: (data) => new Float16Array(data),
  float32: undefined,
  float64: undefined,
  float: undefined,
  bool: (data) => data.map((value) => (value === 0 ? 0 : 1)),
  uint8: (data) => new Uint8Array(data),
  int8: (data) => new Int8Array(data),
  int16: (data) => new Int16Array(data),
  int32: (data) => new Int32Array(data),
  int: (data) => new Int32Array(data),
  int64: (data) => data.map(Math.trunc),
  long: (data) => data.map(Math.trunc),
};

function castTensor(tensor: Tensor, type: ElementType): Tensor {
  const cast = casts[type];
  return cast === undefined ? tensor : createTensor(tensor.shape, Float32Array.from(cast(tensor.data)));
}
