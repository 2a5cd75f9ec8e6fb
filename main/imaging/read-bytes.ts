import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { constants, gunzipSync, inflateSync } from 'node:zlib';
import { FaultError } from '../../common/fault.ts';
import { MOST_BYTES } from '../../common/imaging/stored-image.ts';

/**
 * All bytes of a file. Faults: `image-missing`, `image-unreadable`.
 *
 * @param name what faults call the file
 */
export function readBytes(file: string, name: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw asImageFault(error, name);
  }
}

/** The first bytes of a file. Faults: `image-missing`, `image-unreadable`. */
export function readHead(file: string, mostBytes: number, name: string): Uint8Array {
  try {
    const handle = openSync(file, 'r');
    try {
      const head = new Uint8Array(mostBytes);
      return head.subarray(0, readSync(handle, head, 0, mostBytes, 0));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw asImageFault(error, name);
  }
}

/** What the file system throws, as a fault: `image-missing`, `image-unreadable`. */
export function asImageFault(error: unknown, name: string): FaultError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new FaultError(
    code === 'ENOENT' || code === 'ENOTDIR'
      ? { code: 'image-missing', file: name, message: 'There is no such image file.' }
      : { code: 'image-unreadable', file: name, message: `The image cannot be read (${code}).` },
  );
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The content of gzip or zlib data, or the bytes themselves where they are neither. Faults: `image-truncated`, `image-unreadable`. */
export function inflate(bytes: Uint8Array, name: string, expectedBytes?: number): Uint8Array {
  const compressed = isGzip(bytes) ? 'gzip' : isZlib(bytes) ? 'zlib' : 'none';
  if (compressed === 'none') return bytes;
  // One piece that holds everything: joining many would take as long as decompressing them.
  const expected = expectedBytes ?? announcedBytes(bytes);
  const options = {
    chunkSize: Math.min(Math.max(expected + 64, 2 ** 16), MOST_BYTES),
    maxOutputLength: 2 * MOST_BYTES,
  };
  try {
    return compressed === 'gzip' ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  } catch (error) {
    throw asCompressionFault(error, name);
  }
}

/** What zlib throws, as a fault: `image-truncated`, `image-unreadable`. */
export function asCompressionFault(error: unknown, name: string): FaultError {
  const { code } = error as NodeJS.ErrnoException;
  return new FaultError(
    code === 'Z_BUF_ERROR'
      ? { code: 'image-truncated', file: name, message: 'The compressed data end too early.' }
      : { code: 'image-unreadable', file: name, message: `The compressed data are damaged (${code}).` },
  );
}

/** The first bytes of what a gzip file holds; the bytes themselves where it is none. Fault `image-unreadable`. */
export function inflateHead(bytes: Uint8Array, name: string): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes.subarray(0, 65536), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    throw new FaultError({
      code: 'image-unreadable',
      file: name,
      message: 'The compressed data are damaged.',
    });
  }
}

/** The end of a gzip file says how long its content is, modulo 2^32. */
function announcedBytes(bytes: Uint8Array): number {
  if (!isGzip(bytes) || bytes.length < 18) return 2 ** 20;
  const announced = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
  // No data are compressed to less than a thousandth: what says so is damaged.
  return Math.min(announced, bytes.length * 1100);
}

const isZlib = (bytes: Uint8Array): boolean =>
  (bytes[0]! & 0x0f) === 8 && ((bytes[0]! << 8) | bytes[1]!) % 31 === 0;
