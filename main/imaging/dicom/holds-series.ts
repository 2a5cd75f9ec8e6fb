import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDicom } from '../../../common/imaging/dicom/data-set.ts';
import { isSeriesFileName } from '../../../common/imaging/dicom/read-headers.ts';

/** The preamble, the mark behind it, and the first byte of the data. */
const MARK_BYTES = 133;
const DICOM_NAME = /\.dcm$/i;

/**
 * True for a folder with DICOM files in it: by an ending `.dcm`, or by the mark that such files carry, whatever their names.
 * Folders in it are not looked into, and nothing of what the files say is read.
 *
 * @param folder absolute path
 * @throws what the file system throws for a folder that cannot be listed, or a file that cannot be opened
 */
export async function holdsSeries(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && isSeriesFileName(entry.name))
    .map(({ name }) => name);
  if (names.some((name) => DICOM_NAME.test(name))) return true;
  for (const name of names) if (await hasMark(join(folder, name))) return true;
  return false;
}

async function hasMark(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(new Uint8Array(MARK_BYTES), 0, MARK_BYTES, 0);
  return isDicom(buffer.subarray(0, bytesRead));
}
