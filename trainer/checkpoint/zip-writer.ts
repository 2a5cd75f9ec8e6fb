import { crc32 } from 'node:zlib';

/** One member of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
}

const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_RECORD_BYTES = 22;
/** 1980-01-01, the earliest date that the format knows: the same content always makes the same bytes. */
const FIXED_DOS_DATE = 0x0021;
const MAX_ARCHIVE_BYTES = 0xffff_ffff;

/**
 * A zip archive whose members are stored uncompressed, each with its data starting at a multiple of 64 bytes, as
 * PyTorch lays out its checkpoints (the gap is an extra field with the id "FB").
 *
 * @throws RangeError when the archive would need the 64-bit extension (4 GiB)
 */
export function writeStoredZip(entries: readonly ZipEntry[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = new TextEncoder().encode(entry.name);
    const checksum = crc32(entry.data);
    const padding = alignmentField(offset + LOCAL_HEADER_BYTES + name.length);
    directory.push(centralHeader(name, entry.data.length, checksum, offset));
    chunks.push(localHeader(name, entry.data.length, checksum, padding.length), name, padding, entry.data);
    offset += LOCAL_HEADER_BYTES + name.length + padding.length + entry.data.length;
  }
  const directoryBytes = directory.reduce((sum, record) => sum + record.length, 0);
  if (offset + directoryBytes > MAX_ARCHIVE_BYTES) throw new RangeError('A checkpoint is limited to 4 GiB');
  return Buffer.concat([...chunks, ...directory, endRecord(entries.length, directoryBytes, offset)]);
}

/** An extra field that moves the data to the next multiple of 64 bytes; at least its own 4-byte header. */
function alignmentField(unalignedStart: number): Uint8Array {
  const gap = (64 - ((unalignedStart + 4) % 64)) % 64;
  const field = Buffer.alloc(4 + gap, 'Z');
  field.write('FB', 0, 'latin1');
  field.writeUInt16LE(gap, 2);
  return field;
}

function localHeader(name: Uint8Array, size: number, checksum: number, extraBytes: number): Uint8Array {
  const header = Buffer.alloc(LOCAL_HEADER_BYTES);
  header.writeUInt32LE(0x0403_4b50, 0);
  writeCommonFields(header, 4, size, checksum, name.length);
  header.writeUInt16LE(extraBytes, 28);
  return header;
}

function centralHeader(name: Uint8Array, size: number, checksum: number, offset: number): Uint8Array {
  const header = Buffer.alloc(CENTRAL_HEADER_BYTES + name.length);
  header.writeUInt32LE(0x0201_4b50, 0);
  writeCommonFields(header, 6, size, checksum, name.length);
  header.writeUInt32LE(offset, 42);
  header.set(name, CENTRAL_HEADER_BYTES);
  return header;
}

/** The fields that the local and the central header share, in the same order. */
function writeCommonFields(
  header: Buffer,
  at: number,
  size: number,
  checksum: number,
  nameBytes: number,
): void {
  const utf8Names = 0x0800;
  header.writeUInt16LE(utf8Names, at + 2);
  header.writeUInt16LE(FIXED_DOS_DATE, at + 8);
  header.writeUInt32LE(checksum, at + 10);
  header.writeUInt32LE(size, at + 14);
  header.writeUInt32LE(size, at + 18);
  header.writeUInt16LE(nameBytes, at + 22);
}

function endRecord(count: number, directoryBytes: number, directoryOffset: number): Uint8Array {
  const record = Buffer.alloc(END_RECORD_BYTES);
  record.writeUInt32LE(0x0605_4b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(directoryBytes, 12);
  record.writeUInt32LE(directoryOffset, 16);
  return record;
}
