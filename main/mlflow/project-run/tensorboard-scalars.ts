import { open } from 'node:fs/promises';
import { maskedCrc32c } from '../../../common/tensorboard/crc32c.ts';
import { readFields, readVarint } from './protobuf-fields.ts';

/** One value of TensorBoard's event file. */
export interface Scalar {
  readonly tag: string;
  readonly value: number;
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTimeSeconds: number;
}

export interface ScalarsPart {
  readonly scalars: readonly Scalar[];
  /** The byte to go on reading from: the end of the last whole record. */
  readonly offset: number;
}

const HEADER_BYTES = 12;
const FOOTER_BYTES = 4;
/** Read at a time: an event file of a long training may be large. */
const CHUNK_BYTES = 4 * 1024 ** 2;

/**
 * The scalars of an event file (TFRecord of tensorboard.Event) after a byte. May follow a file that is being written;
 * reading ends before a record that is not whole, or not what was written.
 */
export async function readScalars(file: string, fromOffset = 0): Promise<ScalarsPart> {
  const handle = await open(file, 'r');
  try {
    const scalars: Scalar[] = [];
    let offset = fromOffset;
    for (let size = CHUNK_BYTES; ;) {
      const chunk = Buffer.alloc(size);
      const { bytesRead } = await handle.read(chunk, 0, size, offset);
      const used = parseRecords(chunk.subarray(0, bytesRead), scalars);
      offset += used;
      if (bytesRead < size) return { scalars, offset };
      // not even one record fits: an image or a text
      if (used === 0) size *= 2;
      else size = CHUNK_BYTES;
    }
  } finally {
    await handle.close();
  }
}

/** Adds the scalars of the whole records at the start; gives the number of bytes that these take. */
function parseRecords(bytes: Buffer, scalars: Scalar[]): number {
  let start = 0;
  while (start + HEADER_BYTES <= bytes.length) {
    const length = Number(bytes.readBigUInt64LE(start));
    const isIntact = bytes.readUInt32LE(start + 8) === maskedCrc32c(bytes.subarray(start, start + 8));
    const end = start + HEADER_BYTES + length + FOOTER_BYTES;
    if (!isIntact || end > bytes.length) return start;
    parseEvent(bytes.subarray(start + HEADER_BYTES, end - FOOTER_BYTES), scalars);
    start = end;
  }
  return start;
}

/** Fields of tensorboard.Event: 1 wall time, 2 step, 5 summary; of Summary.Value: 1 tag, 2 simple value. */
function parseEvent(bytes: Buffer, scalars: Scalar[]): void {
  let wallTimeSeconds = 0;
  let step = 0;
  const values: { tag?: string; value?: number }[] = [];
  for (const { number, wire, bytes: data } of readFields(bytes)) {
    if (number === 1 && wire === 1) wallTimeSeconds = data.readDoubleLE();
    if (number === 2 && wire === 0) step = readVarint(data, 0).value;
    if (number === 5 && wire === 2)
      for (const item of readFields(data)) if (item.number === 1) values.push(parseValue(item.bytes));
  }
  for (const { tag, value } of values)
    if (tag !== undefined && value !== undefined) scalars.push({ tag, value, step, wallTimeSeconds });
}

function parseValue(bytes: Buffer): { tag?: string; value?: number } {
  const found: { tag?: string; value?: number } = {};
  for (const { number, wire, bytes: data } of readFields(bytes)) {
    if (number === 1 && wire === 2) found.tag = data.toString('utf8');
    if (number === 2 && wire === 5) found.value = data.readFloatLE();
  }
  return found;
}
