/** Thrown for bytes that are no pickle, or one that asks for more than the allowed classes. */
export class PickleError extends Error {
  override name = 'PickleError';
}

/** A Python name that the pickle refers to; never looked up, only compared. */
export class PickleGlobal {
  readonly module: string;
  readonly attribute: string;

  constructor(module: string, attribute: string) {
    this.module = module;
    this.attribute = attribute;
  }

  get fullName(): string {
    return `${this.module}.${this.attribute}`;
  }
}

/** What the reader asks its caller for. Both refuse by throwing {@link PickleError}. */
export interface PickleHooks {
  /** The object that a persistent id stands for. */
  loadPersistent(id: unknown): unknown;
  /** The result of calling an allowed class or function; a name that is not allowed must be refused. */
  call(callee: PickleGlobal, args: readonly unknown[]): unknown;
}

/**
 * Reads a Python pickle without running any of it: numbers, text, lists, tuples (as arrays), dicts (as Maps), and what
 * the hooks allow. Covers the opcodes that `torch.save` writes with protocols 2 to 5.
 *
 * @throws PickleError for an opcode or a name that is not on the list, and for damaged bytes
 */
export function readPickle(bytes: Uint8Array, hooks: PickleHooks): unknown {
  try {
    return new PickleMachine(bytes, hooks).run();
  } catch (error) {
    if (error instanceof PickleError) throw error;
    throw new PickleError('the pickle is damaged or cut short', { cause: error });
  }
}

const mark = Symbol('mark');

class PickleMachine {
  readonly #buffer: Buffer;
  readonly #hooks: PickleHooks;
  readonly #memo = new Map<number, unknown>();
  #stack: unknown[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, hooks: PickleHooks) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#hooks = hooks;
  }

  run(): unknown {
    for (;;) {
      const opcode = this.#buffer.readUInt8(this.#at++);
      if (opcode === 0x2e) return this.#stack.pop();
      const step = steps[opcode];
      if (step === undefined)
        throw new PickleError(`the pickle uses opcode 0x${opcode.toString(16)}, which is not read`);
      step(this);
    }
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length === 0) throw new PickleError('the pickle takes from an empty stack');
    return this.#stack.pop();
  }

  top(): unknown {
    return this.#stack.at(-1);
  }

  /** Everything since the last mark, which is removed. */
  popToMark(): unknown[] {
    const start = this.#stack.lastIndexOf(mark);
    if (start < 0) throw new PickleError('the pickle lacks a mark');
    const items = this.#stack.slice(start + 1);
    this.#stack.length = start;
    return items;
  }

  readByte(): number {
    return this.#buffer.readUInt8(this.#at++);
  }

  read<T>(size: number, decode: (buffer: Buffer, at: number) => T): T {
    const value = decode(this.#buffer, this.#at);
    this.#at += size;
    return value;
  }

  readText(bytes: number): string {
    if (this.#at + bytes > this.#buffer.length) throw new PickleError('the pickle is cut short');
    this.#at += bytes;
    return this.#buffer.toString('utf8', this.#at - bytes, this.#at);
  }

  readLine(): string {
    const end = this.#buffer.indexOf(0x0a, this.#at);
    if (end < 0) throw new PickleError('the pickle is cut short');
    const line = this.#buffer.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return line;
  }

  /** A little-endian two's complement number of any length. */
  readLong(bytes: number): number | bigint {
    let value = 0n;
    for (let i = 0; i < bytes; i++) value |= BigInt(this.readByte()) << BigInt(8 * i);
    value = BigInt.asIntN(8 * bytes, value);
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }

  put(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(index: number): void {
    if (!this.#memo.has(index)) throw new PickleError('the pickle refers to a value that it never made');
    this.push(this.#memo.get(index));
  }

  reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!(callee instanceof PickleGlobal) || !Array.isArray(args))
      throw new PickleError('the pickle calls no class');
    this.push(this.#hooks.call(callee, args));
  }

  persistent(): void {
    this.push(this.#hooks.loadPersistent(this.pop()));
  }

  /** Attributes of a dict (`_metadata` of a state dict) carry nothing that is needed; those of other objects are refused. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) throw new PickleError('the pickle sets attributes of an object');
  }

  appendAll(values: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new PickleError('the pickle appends to something that is no list');
    for (const value of values) list.push(value);
  }

  setAll(keysAndValues: readonly unknown[]): void {
    const map = this.top();
    if (!(map instanceof Map)) throw new PickleError('the pickle sets an item of something that is no dict');
    for (let i = 0; i + 1 < keysAndValues.length; i += 2) map.set(keysAndValues[i], keysAndValues[i + 1]);
  }
}

type Step = (machine: PickleMachine) => void;

const takeLast = (machine: PickleMachine, count: number): unknown[] => {
  const values: unknown[] = [];
  for (let i = 0; i < count; i++) values.unshift(machine.pop());
  return values;
};
const readUint8 = (machine: PickleMachine): number => machine.readByte();
const readUint16 = (machine: PickleMachine): number =>
  machine.read(2, (buffer, at) => buffer.readUInt16LE(at));
const readUint32 = (machine: PickleMachine): number =>
  machine.read(4, (buffer, at) => buffer.readUInt32LE(at));

/** What each opcode does, by its code (Python's `pickletools` documents them). */
const steps: Readonly<Record<number, Step>> = {
  0x80: (m) => void m.readByte(), // PROTO
  0x95: (m) => void m.read(8, () => 0), // FRAME
  0x28: (m) => m.push(mark), // MARK
  0x30: (m) => void m.pop(), // POP
  0x31: (m) => void m.popToMark(), // POP_MARK
  0x4e: (m) => m.push(null), // NONE
  0x88: (m) => m.push(true), // NEWTRUE
  0x89: (m) => m.push(false), // NEWFALSE
  0x4b: (m) => m.push(readUint8(m)), // BININT1
  0x4d: (m) => m.push(readUint16(m)), // BININT2
  0x4a: (m) => m.push(m.read(4, (buffer, at) => buffer.readInt32LE(at))), // BININT
  0x8a: (m) => m.push(m.readLong(readUint8(m))), // LONG1
  0x47: (m) => m.push(m.read(8, (buffer, at) => buffer.readDoubleBE(at))), // BINFLOAT
  0x58: (m) => m.push(m.readText(readUint32(m))), // BINUNICODE
  0x8c: (m) => m.push(m.readText(readUint8(m))), // SHORT_BINUNICODE
  0x54: (m) => m.push(m.readText(readUint32(m))), // BINSTRING
  0x55: (m) => m.push(m.readText(readUint8(m))), // SHORT_BINSTRING
  0x5d: (m) => m.push([]), // EMPTY_LIST
  0x61: (m) => m.appendAll([m.pop()]), // APPEND
  0x65: (m) => m.appendAll(m.popToMark()), // APPENDS
  0x29: (m) => m.push([]), // EMPTY_TUPLE
  0x85: (m) => m.push(takeLast(m, 1)), // TUPLE1
  0x86: (m) => m.push(takeLast(m, 2)), // TUPLE2
  0x87: (m) => m.push(takeLast(m, 3)), // TUPLE3
  0x74: (m) => m.push(m.popToMark()), // TUPLE
  0x7d: (m) => m.push(new Map()), // EMPTY_DICT
  0x73: (m) => m.setAll(takeLast(m, 2)), // SETITEM
  0x75: (m) => m.setAll(m.popToMark()), // SETITEMS
  0x71: (m) => m.put(readUint8(m)), // BINPUT
  0x72: (m) => m.put(readUint32(m)), // LONG_BINPUT
  0x94: (m) => m.memoize(), // MEMOIZE
  0x68: (m) => m.get(readUint8(m)), // BINGET
  0x6a: (m) => m.get(readUint32(m)), // LONG_BINGET
  0x63: (m) => m.push(new PickleGlobal(m.readLine(), m.readLine())), // GLOBAL
  0x93: (m) => m.push(new PickleGlobal(...(takeLast(m, 2) as [string, string]))), // STACK_GLOBAL
  0x52: (m) => m.reduce(), // REDUCE
  0x51: (m) => m.persistent(), // BINPERSID
  0x62: (m) => m.build(), // BUILD
};
