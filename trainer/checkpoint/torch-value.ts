/** Element types of PyTorch storages that a checkpoint may hold, by PyTorch's own names. */
export type TorchDtype =
  'float32' | 'float64' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'int16' | 'int8' | 'uint8' | 'bool';

export type TorchArray =
  Float32Array | Float64Array | BigInt64Array | Int32Array | Int16Array | Int8Array | Uint8Array;

/** A dense tensor, row-major. Half precision is widened to float32 when it is read. */
export interface TorchTensor {
  readonly kind: 'tensor';
  readonly dtype: TorchDtype;
  readonly shape: readonly number[];
  readonly data: TorchArray;
}

/**
 * What a checkpoint can hold. A `Map` is an `OrderedDict` (or a `dict` that was read), a plain object is a `dict`,
 * an array is a `list` (or a `tuple` that was read). Whole numbers are Python ints, others floats.
 */
export type TorchValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | TorchTensor
  | readonly TorchValue[]
  | ReadonlyMap<string | number, TorchValue>
  | { readonly [key: string]: TorchValue };

interface StorageType {
  readonly dtype: TorchDtype;
  /** The class that stands for the storage in the pickle, within the module `torch`. */
  readonly className: string;
  readonly bytesPerElement: number;
}

const storageTypes: readonly StorageType[] = [
  { dtype: 'float32', className: 'FloatStorage', bytesPerElement: 4 },
  { dtype: 'float64', className: 'DoubleStorage', bytesPerElement: 8 },
  { dtype: 'float16', className: 'HalfStorage', bytesPerElement: 2 },
  { dtype: 'bfloat16', className: 'BFloat16Storage', bytesPerElement: 2 },
  { dtype: 'int64', className: 'LongStorage', bytesPerElement: 8 },
  { dtype: 'int32', className: 'IntStorage', bytesPerElement: 4 },
  { dtype: 'int16', className: 'ShortStorage', bytesPerElement: 2 },
  { dtype: 'int8', className: 'CharStorage', bytesPerElement: 1 },
  { dtype: 'uint8', className: 'ByteStorage', bytesPerElement: 1 },
  { dtype: 'bool', className: 'BoolStorage', bytesPerElement: 1 },
];

export function findStorageTypeByClass(className: string): StorageType | undefined {
  return storageTypes.find((type) => type.className === className);
}

export function findStorageTypeByDtype(dtype: TorchDtype): StorageType {
  return storageTypes.find((type) => type.dtype === dtype)!;
}

/** A float32 tensor of the given shape; the data is used as it is, not copied. */
export function float32Tensor(shape: readonly number[], data: Float32Array): TorchTensor {
  return { kind: 'tensor', dtype: 'float32', shape, data };
}

/** A 0-dimensional int64 tensor, as `num_batches_tracked` of a batch norm. */
export function int64Scalar(value: number): TorchTensor {
  return { kind: 'tensor', dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(value)) };
}

export function isTorchTensor(value: unknown): value is TorchTensor {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'tensor';
}
