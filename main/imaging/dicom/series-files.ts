import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import { isSeriesFileName, type SeriesFiles } from '../../../common/imaging/dicom/read-headers.ts';
import { readBytes } from '../read-bytes.ts';

/** The files of a series on this machine's disk. */
export const seriesFiles: SeriesFiles = { list: listFiles, readHead, readFile: readBytes };

function listFiles(path: string, name: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile() && isSeriesFileName(entry.name))
      .map((entry) => join(path, entry.name))
      .sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new FaultError(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? { code: 'image-missing', file: name, message: 'There is no such image.' }
        : { code: 'image-unreadable', file: name, message: `The folder cannot be read (${code}).` },
    );
  }
}

function readHead(file: string, name: string, bytes: number): Uint8Array {
  try {
    const handle = openSync(file, 'r');
    try {
      const head = new Uint8Array(bytes);
      return head.subarray(0, readSync(handle, head, 0, bytes, 0));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new FaultError({
      code: 'image-unreadable',
      file: name,
      message: `A file of the series cannot be read (${code}).`,
    });
  }
}
