import { findStorageTypeByDtype, isTorchTensor, type TorchTensor, type TorchValue } from './torch-value.ts';

/** Called for each tensor; returns the key under which its storage is kept. */
export type StoreTensor = (tensor: TorchTensor) => string;

/**
 * A Python pickle (protocol 2) of a checkpoint, with the few classes that PyTorch's own `weights_only` reader allows:
 * `OrderedDict`, `_rebuild_tensor_v2` and the storage types. Tensors go through `storeTensor`.
 */
export function writePickle(value: TorchValue, storeTensor: StoreTensor): Uint8Array {
  const writer = new PickleWriter(storeTensor);
  writer.opcode(0x80, 2);
  writer.value(value);
  writer.opcode(op('.'));
  return writer.bytes();
}

const op = (letter: string): number => letter.charCodeAt(0);

class PickleWriter {
  readonly #chunks: Uint8Array[] = [];
  readonly #storeTensor: StoreTensor;

  constructor(storeTensor: StoreTensor) {
    this.#storeTensor = storeTensor;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  opcode(...bytes: number[]): void {
    this.#chunks.push(Uint8Array.from(bytes));
  }

  value(value: TorchValue): void {
    if (value === null) this.opcode(op('N'));
    else if (typeof value === 'boolean') this.opcode(value ? 0x88 : 0x89);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'bigint') this.#long(value);
    else if (typeof value === 'string') this.#text(value);
    else if (isTorchTensor(value)) this.#tensor(value);
    else if (Array.isArray(value)) this.#list(value);
    else if (value instanceof Map) this.#orderedDict(value);
    else this.#dict(Object.entries(value));
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      const bytes = Buffer.alloc(9);
      bytes.write('G', 'latin1');
      bytes.writeDoubleBE(value, 1);
      this.#chunks.push(bytes);
    } else if (value >= -0x8000_0000 && value <= 0x7fff_ffff) {
      const bytes = Buffer.alloc(5);
      bytes.write('J', 'latin1');
      bytes.writeInt32LE(value, 1);
      this.#chunks.push(bytes);
    } else this.#long(BigInt(value));
  }

  /** An int of any size: its two's complement, lowest byte first. */
  #long(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    do {
      bytes.push(Number(BigInt.asUintN(8, rest)));
      rest >>= 8n;
    } while (!((rest === 0n && bytes.at(-1)! < 0x80) || (rest === -1n && bytes.at(-1)! >= 0x80)));
    this.opcode(0x8a, bytes.length, ...bytes);
  }

  #text(value: string): void {
    const encoded = Buffer.from(value, 'utf8');
    const head = Buffer.alloc(5);
    head.write('X', 'latin1');
    head.writeUInt32LE(encoded.length, 1);
    this.#chunks.push(head, encoded);
  }

  #list(values: readonly TorchValue[]): void {
    this.opcode(op(']'));
    if (values.length === 0) return;
    this.opcode(op('('));
    for (const value of values) this.value(value);
    this.opcode(op('e'));
  }

  #tuple(values: readonly number[]): void {
    this.opcode(op('('));
    for (const value of values) this.#number(value);
    this.opcode(op('t'));
  }

  #orderedDict(map: ReadonlyMap<string | number, TorchValue>): void {
    this.#global('collections', 'OrderedDict');
    this.opcode(op(')'), op('R'));
    this.#items([...map]);
  }

  #dict(entries: readonly (readonly [string, TorchValue])[]): void {
    this.opcode(op('}'));
    this.#items(entries);
  }

  #items(entries: readonly (readonly [string | number, TorchValue])[]): void {
    if (entries.length === 0) return;
    this.opcode(op('('));
    for (const [key, value] of entries) {
      this.value(key);
      this.value(value);
    }
    this.opcode(op('u'));
  }

  #global(module: string, name: string): void {
    this.#chunks.push(Buffer.from(`c${module}\n${name}\n`, 'latin1'));
  }

  /** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)` on a persistent storage id. */
  #tensor(tensor: TorchTensor): void {
    this.#global('torch._utils', '_rebuild_tensor_v2');
    this.opcode(op('('), op('('));
    this.#text('storage');
    this.#global('torch', findStorageTypeByDtype(tensor.dtype).className);
    this.#text(this.#storeTensor(tensor));
    this.#text('cpu');
    this.#number(tensor.data.length);
    this.opcode(op('t'), op('Q'));
    this.#number(0);
    this.#tuple(tensor.shape);
    this.#tuple(rowMajorStrides(tensor.shape));
    this.opcode(0x89);
    this.#orderedDict(new Map());
    this.opcode(op('t'), op('R'));
  }
}

/** Elements between neighbours along each axis of a row-major array. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}
