import { open, type FileHandle } from 'node:fs/promises';
import { readFields, readVarint } from './protobuf-fields.ts';

/** A tensor that a model takes or gives. */
export interface TensorSpec {
  readonly name: string;
  /** NumPy's name of the element type: `float32`. */
  readonly dtype: string;
  /** -1 for a size that is open. */
  readonly shape: readonly number[];
}

/** What a model takes and gives. */
export interface ModelSignature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** Element types of onnx.proto (TensorProto.DataType) that NumPy has, by their numbers. */
const DTYPES: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
};
/** Fields of ModelProto, GraphProto and TensorProto. */
const GRAPH = 7;
const [INITIALIZER, INPUT, OUTPUT] = [5, 11, 12];
const TENSOR_NAME = 8;
/** Read at a time; weights are passed over. */
const WINDOW_BYTES = 64 * 1024;
/** A description of a tensor is smaller. */
const MOST_BYTES = 1024 ** 2;

/**
 * What an ONNX file takes and gives, by the inputs and outputs of its graph. Only their descriptions are read, however large
 * the weights are. Undefined for a file that is none, for a tensor whose rank is not said or whose type NumPy does not have.
 */
export async function readOnnxSignature(file: string): Promise<ModelSignature | undefined> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const window = new FileWindow(handle);
    const { size } = await handle.stat();
    for await (const field of window.fields(0, size))
      if (field.number === GRAPH && field.wire === 2) return await readGraph(window, field);
    return undefined;
  } finally {
    await handle.close();
  }
}

/** Where a field's content is in the file. */
interface FieldPlace {
  readonly number: number;
  readonly wire: number;
  readonly start: number;
  readonly end: number;
}

async function readGraph(window: FileWindow, graph: FieldPlace): Promise<ModelSignature | undefined> {
  const weights = new Set<string>();
  const inputs: (TensorSpec | undefined)[] = [];
  const outputs: (TensorSpec | undefined)[] = [];
  for await (const field of window.fields(graph.start, graph.end)) {
    if (field.wire !== 2) continue;
    if (field.number === INITIALIZER) weights.add(await readName(window, field));
    if (field.number === INPUT) inputs.push(parseValueInfo(await window.read(field)));
    if (field.number === OUTPUT) outputs.push(parseValueInfo(await window.read(field)));
  }
  // old files list their weights among the inputs
  const asked = inputs.filter((input) => input === undefined || !weights.has(input.name));
  if (asked.length === 0 || outputs.length === 0) return undefined;
  const isWhole = (specs: readonly (TensorSpec | undefined)[]): specs is readonly TensorSpec[] =>
    !specs.includes(undefined);
  return isWhole(asked) && isWhole(outputs) ? { inputs: asked, outputs } : undefined;
}

/** The name of a tensor with weights, which are passed over. */
async function readName(window: FileWindow, tensor: FieldPlace): Promise<string> {
  for await (const field of window.fields(tensor.start, tensor.end))
    if (field.number === TENSOR_NAME && field.wire === 2) return (await window.read(field)).toString('utf8');
  return '';
}

/** ValueInfoProto: 1 name, 2 type; TypeProto: 1 tensor; its fields: 1 element type, 2 shape; TensorShapeProto: 1 dimensions. */
function parseValueInfo(bytes: Buffer): TensorSpec | undefined {
  let name = '';
  let tensor: Buffer | undefined;
  for (const { number, wire, bytes: content } of readFields(bytes)) {
    if (number === 1 && wire === 2) name = content.toString('utf8');
    if (number === 2 && wire === 2)
      for (const item of readFields(content)) if (item.number === 1 && item.wire === 2) tensor = item.bytes;
  }
  let dtype: string | undefined;
  let shape: number[] | undefined;
  for (const { number, wire, bytes: content } of readFields(tensor ?? Buffer.alloc(0))) {
    if (number === 1 && wire === 0) dtype = DTYPES[readVarint(content, 0).value];
    if (number === 2 && wire === 2) shape = [...readFields(content)].map((item) => parseSize(item.bytes));
  }
  return dtype === undefined || shape === undefined ? undefined : { name, dtype, shape };
}

/** A dimension: 1 a size, 2 a name for an open one. */
function parseSize(dimension: Buffer): number {
  for (const { number, wire, bytes } of readFields(dimension))
    if (number === 1 && wire === 0) return readVarint(bytes, 0).value;
  return -1;
}

/** Reads a file in pieces, those it needs alone. */
class FileWindow {
  readonly #handle: FileHandle;
  #bytes = Buffer.alloc(0);
  #start = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** The fields of a message between two places of the file; ends where the bytes are none. */
  async *fields(start: number, end: number): AsyncGenerator<FieldPlace> {
    for (let at = start; at < end;) {
      const head = await this.#at(at, 20);
      const key = readVarint(head, 0);
      const wire = key.value & 7;
      const length = readVarint(head, key.end);
      const begins = at + (wire === 2 ? length.end : key.end);
      const size = { 0: length.end - key.end, 1: 8, 2: length.value, 5: 4 }[wire];
      if (head.length === 0 || key.value < 8 || size === undefined || begins + size > end) return;
      yield { number: Math.floor(key.value / 8), wire, start: begins, end: begins + size };
      at = begins + size;
    }
  }

  /** The content of a field; empty for one that is larger than what is looked for. */
  async read({ start, end }: FieldPlace): Promise<Buffer> {
    return end - start > MOST_BYTES ? Buffer.alloc(0) : this.#at(start, end - start);
  }

  async #at(start: number, count: number): Promise<Buffer> {
    if (start < this.#start || start + count > this.#start + this.#bytes.length) {
      const bytes = Buffer.alloc(Math.max(count, WINDOW_BYTES));
      const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, start);
      this.#bytes = bytes.subarray(0, bytesRead);
      this.#start = start;
    }
    return this.#bytes.subarray(start - this.#start, start - this.#start + count);
  }
}
