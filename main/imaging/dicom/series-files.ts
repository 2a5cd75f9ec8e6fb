import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isSeriesFileName, type SeriesFiles } from '../../../common/imaging/dicom/read-headers.ts';
import { asImageFault, readBytes, readHead } from '../read-bytes.ts';

/** The files of a series on this machine's disk. */
export const seriesFiles: SeriesFiles = {
  list: listFiles,
  readHead: (file, name, bytes) => readHead(file, bytes, name),
  readFile: readBytes,
};

function listFiles(path: string, name: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile() && isSeriesFileName(entry.name))
      .map((entry) => join(path, entry.name))
      .sort();
  } catch (error) {
    throw asImageFault(error, name);
  }
}
