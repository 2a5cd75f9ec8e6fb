import { readFileSync } from 'node:fs';
import { gunzipSync, inflateSync } from 'node:zlib';
import { FaultError, type Fault } from '../../../common/fault.ts';

/** All bytes of a file, as they are. Faults: `image-missing`, `image-unreadable`. */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw imageFault(error, file);
  }
}

/** What keeps an image file, or a folder of them, from being read. */
export function imageFault(error: unknown, file: string): FaultError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new FaultError(
    code === 'ENOENT' || code === 'ENOTDIR'
      ? { code: 'image-missing', file, message: 'There is no such image file.' }
      : { code: 'image-unreadable', file, message: `The image cannot be read (${code}).` },
  );
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The content of gzip or zlib data, or the bytes themselves where they are neither. Faults: `image-truncated`, `image-unreadable`. */
export function inflate(bytes: Uint8Array, file: string): Uint8Array {
  const isZlib = (bytes[0] & 0x0f) === 8 && ((bytes[0] << 8) | bytes[1]) % 31 === 0;
  if (!isGzip(bytes) && !isZlib) return bytes;
  try {
    return isGzip(bytes) ? gunzipSync(bytes) : inflateSync(bytes);
  } catch (error) {
    throw new FaultError(describeInflateError(error, file));
  }
}

function describeInflateError(error: unknown, file: string): Fault {
  const isCutOff = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  return isCutOff
    ? { code: 'image-truncated', file, message: 'The compressed data end too early.' }
    : { code: 'image-unreadable', file, message: 'The compressed data are damaged.' };
}
