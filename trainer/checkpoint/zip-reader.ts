import { crc32, inflateRawSync } from 'node:zlib';

/** Thrown for bytes that are no readable archive; the caller knows the file's name and makes a fault of it. */
export class ZipError extends Error {
  override name = 'ZipError';
}

interface Member {
  readonly method: number;
  readonly checksum: number;
  readonly storedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

const NEEDS_64_BITS = 0xffff_ffff;

/**
 * The members of a zip archive by name, checksums verified. Stored and deflated members and the 64-bit extension,
 * which PyTorch always writes, are understood.
 *
 * @throws ZipError when the bytes are damaged or not an archive
 */
export function readZip(archive: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const buffer = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const members = new Map<string, Uint8Array>();
  try {
    for (const [name, member] of readDirectory(buffer)) members.set(name, readMember(buffer, name, member));
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError('the archive is damaged or cut short', { cause: error });
  }
  return members;
}

function readDirectory(buffer: Buffer): Map<string, Member> {
  const end = findEndRecord(buffer);
  let count = buffer.readUInt16LE(end + 10);
  let at = buffer.readUInt32LE(end + 16);
  const locator = end - 20;
  if (locator >= 0 && buffer.readUInt32LE(locator) === 0x0706_4b50) {
    const wideEnd = Number(buffer.readBigUInt64LE(locator + 8));
    count = Number(buffer.readBigUInt64LE(wideEnd + 32));
    at = Number(buffer.readBigUInt64LE(wideEnd + 48));
  }
  const members = new Map<string, Member>();
  for (let index = 0; index < count; index++) {
    if (buffer.readUInt32LE(at) !== 0x0201_4b50)
      throw new ZipError('the directory of the archive is damaged');
    const nameBytes = buffer.readUInt16LE(at + 28);
    const extraBytes = buffer.readUInt16LE(at + 30);
    const name = buffer.toString('utf8', at + 46, at + 46 + nameBytes);
    members.set(name, readCentralHeader(buffer, at, at + 46 + nameBytes, extraBytes));
    at += 46 + nameBytes + extraBytes + buffer.readUInt16LE(at + 32);
  }
  return members;
}

function findEndRecord(buffer: Buffer): number {
  const earliest = Math.max(0, buffer.length - 22 - 0xffff);
  for (let at = buffer.length - 22; at >= earliest; at--) {
    if (buffer.readUInt32LE(at) === 0x0605_4b50) return at;
  }
  throw new ZipError('this is no zip archive, or it is cut short');
}

function readCentralHeader(buffer: Buffer, at: number, extraAt: number, extraBytes: number): Member {
  const wide = readWideFields(buffer, extraAt, extraBytes);
  const widen = (value: number): number => (value === NEEDS_64_BITS ? Number(wide.shift() ?? value) : value);
  const bytes = widen(buffer.readUInt32LE(at + 24));
  const storedBytes = widen(buffer.readUInt32LE(at + 20));
  const offset = widen(buffer.readUInt32LE(at + 42));
  return {
    method: buffer.readUInt16LE(at + 10),
    checksum: buffer.readUInt32LE(at + 16),
    storedBytes,
    bytes,
    offset,
  };
}

/** The 64-bit values that stand in for 32-bit fields, in the order size, stored size, offset. */
function readWideFields(buffer: Buffer, extraAt: number, extraBytes: number): bigint[] {
  const values: bigint[] = [];
  for (let at = extraAt; at + 4 <= extraAt + extraBytes;) {
    const id = buffer.readUInt16LE(at);
    const size = buffer.readUInt16LE(at + 2);
    if (id === 0x0001) for (let i = 0; i + 8 <= size; i += 8) values.push(buffer.readBigUInt64LE(at + 4 + i));
    at += 4 + size;
  }
  return values;
}

function readMember(buffer: Buffer, name: string, member: Member): Uint8Array {
  const start =
    member.offset + 30 + buffer.readUInt16LE(member.offset + 26) + buffer.readUInt16LE(member.offset + 28);
  const stored = buffer.subarray(start, start + member.storedBytes);
  if (stored.length !== member.storedBytes) throw new ZipError(`${name} is cut short`);
  if (member.method !== 0 && member.method !== 8)
    throw new ZipError(`${name} is compressed in an unknown way`);
  const data =
    member.method === 0 ? stored : inflateRawSync(stored, { maxOutputLength: Math.max(1, member.bytes) });
  if (data.length !== member.bytes || crc32(data) !== member.checksum)
    throw new ZipError(`${name} is damaged`);
  return data;
}
