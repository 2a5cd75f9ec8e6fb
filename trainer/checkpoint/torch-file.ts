import type { Json } from '../../common/json.ts';
import { PickleError, PickleGlobal, readPickle } from './pickle-reader.ts';
import { rowMajorStrides, writePickle } from './pickle-writer.ts';
import { decodeStorage, encodeStorage } from './torch-storage.ts';
import {
  findStorageTypeByClass,
  isTorchTensor,
  type TorchDtype,
  type TorchTensor,
  type TorchValue,
} from './torch-value.ts';
import { writeStoredZip, type ZipEntry } from './zip-writer.ts';
import { readZip, ZipError } from './zip-reader.ts';

/** Thrown for a file that is no readable checkpoint; the caller knows its name and makes a fault of it. */
export class TorchFileError extends Error {
  override name = 'TorchFileError';
}

const ROOT = 'archive';

/**
 * The bytes of a checkpoint that `torch.load(..., weights_only=True)` reads: an uncompressed zip with the object
 * structure as a pickle and each tensor's numbers as a member of their own. The same value makes the same bytes.
 */
export function writeTorchFile(value: TorchValue): Uint8Array {
  const storages: Uint8Array[] = [];
  const pickle = writePickle(value, (tensor) => {
    storages.push(encodeStorage(tensor.data));
    return String(storages.length - 1);
  });
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const entries: ZipEntry[] = [
    { name: `${ROOT}/data.pkl`, data: pickle },
    { name: `${ROOT}/byteorder`, data: text('little') },
    ...storages.map((data, key) => ({ name: `${ROOT}/data/${key}`, data })),
    { name: `${ROOT}/version`, data: text('3\n') },
  ];
  return writeStoredZip(entries);
}

/**
 * Reads a checkpoint that PyTorch 1.6 or later, or {@link writeTorchFile}, has written. Dicts come back as Maps, tuples
 * as arrays, parameters as their tensors. Nothing in the file is run: names outside a short list are refused.
 *
 * @throws TorchFileError
 */
export function readTorchFile(bytes: Uint8Array): TorchValue {
  try {
    const members = readZip(bytes);
    const pickleName = [...members.keys()].find((name) => name.endsWith('/data.pkl'));
    if (pickleName === undefined)
      throw new TorchFileError('the archive holds no data.pkl: it is no PyTorch checkpoint');
    return readObjects(members, pickleName.slice(0, -'data.pkl'.length));
  } catch (error) {
    if (error instanceof ZipError || error instanceof PickleError) throw new TorchFileError(error.message);
    throw error;
  }
}

interface StorageReference {
  readonly dtype: TorchDtype;
  readonly bytes: Uint8Array;
}

function readObjects(members: ReadonlyMap<string, Uint8Array>, root: string): TorchValue {
  const order = members.get(`${root}byteorder`);
  if (order !== undefined && Buffer.from(order).toString('latin1').trim() !== 'little') {
    throw new TorchFileError('the numbers are stored with the high byte first, which is not read');
  }
  return readPickle(members.get(`${root}data.pkl`)!, {
    loadPersistent: (id) => findStorage(members, root, id),
    call: callAllowed,
  }) as TorchValue;
}

/** A storage's persistent id: `('storage', torch.FloatStorage, '0', 'cpu', 123)`. */
function findStorage(members: ReadonlyMap<string, Uint8Array>, root: string, id: unknown): StorageReference {
  const [tag, type, key] = Array.isArray(id) ? (id as unknown[]) : [];
  const storageType =
    type instanceof PickleGlobal && type.module === 'torch'
      ? findStorageTypeByClass(type.attribute)
      : undefined;
  if (tag !== 'storage' || storageType === undefined) {
    throw new PickleError(
      `the storage type ${type instanceof PickleGlobal ? type.fullName : String(type)} is not read`,
    );
  }
  const bytes = members.get(`${root}data/${String(key)}`);
  if (bytes === undefined) throw new PickleError(`the numbers of storage ${String(key)} are missing`);
  return { dtype: storageType.dtype, bytes };
}

function callAllowed(callee: PickleGlobal, args: readonly unknown[]): unknown {
  switch (callee.fullName) {
    case 'collections.OrderedDict':
      return new Map((args[0] as [string, unknown][] | undefined) ?? []);
    case 'torch.Size':
      return args[0];
    case 'torch._utils._rebuild_tensor_v2':
      return rebuildTensor(args);
    case 'torch._utils._rebuild_parameter':
      return args[0];
    default:
      throw new PickleError(
        `the checkpoint holds an object of ${callee.fullName}; only tensors, numbers, text, lists and dicts are read`,
      );
  }
}

function rebuildTensor(args: readonly unknown[]): TorchTensor {
  const [storage, offset, shape, strides] = args as [StorageReference, number, number[], number[]];
  const all = decodeStorage(storage.dtype, storage.bytes);
  const count = shape.reduce((product, size) => product * size, 1);
  const contiguous = rowMajorStrides(shape).every(
    (stride, axis) => stride === strides[axis] || shape[axis] === 1,
  );
  const dtype = storage.dtype === 'float16' || storage.dtype === 'bfloat16' ? 'float32' : storage.dtype;
  if (contiguous) {
    if (offset + count > all.length) throw new PickleError('a tensor reaches beyond its storage');
    return { kind: 'tensor', dtype, shape, data: all.slice(offset, offset + count) };
  }
  const data = all.slice(0, count);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < count; i++) {
    let from = offset;
    for (let axis = 0; axis < shape.length; axis++) from += index[axis] * strides[axis];
    if (from >= all.length) throw new PickleError('a tensor reaches beyond its storage');
    data[i] = all[from];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return { kind: 'tensor', dtype, shape, data };
}

/** The plain part of a checkpoint (its `train_conf`) as JSON; tensors have no place in it. */
export function torchValueToJson(value: TorchValue): Json {
  if (isTorchTensor(value)) return null;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [String(key), torchValueToJson(item)]));
  }
  if (Array.isArray(value)) return value.map(torchValueToJson);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, torchValueToJson(item)]));
  }
  return value as Json;
}
