/** One field of a protobuf message. */
export interface ProtobufField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
  readonly wire: number;
  readonly bytes: Buffer;
}

/** The fields of a protobuf message; ends early where the bytes are none. */
export function* readFields(bytes: Buffer): Generator<ProtobufField> {
  let at = 0;
  while (at < bytes.length) {
    const key = readVarint(bytes, at);
    const wire = key.value & 7;
    const length = wire === 2 ? readVarint(bytes, key.end) : undefined;
    const start = length?.end ?? key.end;
    const size = { 0: readVarint(bytes, start).end - start, 1: 8, 2: length?.value, 5: 4 }[wire];
    if (size === undefined || start + size > bytes.length) return;
    yield { number: Math.floor(key.value / 8), wire, bytes: bytes.subarray(start, start + size) };
    at = start + size;
  }
}

/** Values up to 2^53; an unended one counts as ended. */
export function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let end = start;
  for (let scale = 1; end < bytes.length; scale *= 128) {
    const byte = bytes[end++]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  return { value, end };
}
