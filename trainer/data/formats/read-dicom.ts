import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readNativePixels } from '../../../common/imaging/dicom/native-pixels.ts';
import { completeSeries, planSeries } from '../../../common/imaging/dicom/plan-series.ts';
import {
  isSeriesFileName,
  readSliceHeaders,
  type SeriesFiles,
} from '../../../common/imaging/dicom/read-headers.ts';
import type { StoredImage } from '../../../common/imaging/stored-image.ts';
import { decodeSlices } from './decode-slices.ts';
import { imageFault, readBytes } from './read-bytes.ts';

const seriesFiles: SeriesFiles = { list: listFiles, readHead, readFile: readBytes };

/**
 * Reads the DICOM series in a folder, or one DICOM file: the series, and the order of its slices, that the viewer shows.
 * Compressed pixels are decoded in a thread of their own, for which this one waits.
 *
 * Faults: `image-missing`, `image-unreadable`, `image-truncated`.
 */
export function readDicom(path: string): StoredImage {
  const plan = planSeries(readSliceHeaders(path, path, seriesFiles), path);
  const pixels = plan.isNative
    ? readNativePixels(plan.slices, path, readBytes)
    : decodeSlices(plan.slices, path);
  return completeSeries(plan, pixels, path);
}

function listFiles(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile() && isSeriesFileName(entry.name))
      .map((entry) => join(path, entry.name))
      .sort();
  } catch (error) {
    throw imageFault(error, path);
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
    throw imageFault(error, name);
  }
}
