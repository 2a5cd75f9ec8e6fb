import { readNativePixels } from '../../../common/imaging/dicom/native-pixels.ts';
import { completeSeries, planSeries } from '../../../common/imaging/dicom/plan-series.ts';
import { readSliceHeaders } from '../../../common/imaging/dicom/read-headers.ts';
import type { StoredImage } from '../../../common/imaging/stored-image.ts';
import { readBytes } from '../read-bytes.ts';
import { decodeCompressed } from './decode-compressed.ts';
import { seriesFiles } from './series-files.ts';

/**
 * Reads a DICOM series from a folder, or one DICOM file (perhaps of many frames). Slices are ordered by place, not by name.
 * What is doubtful about the series becomes warnings: missing slices, uneven distances, other series in the folder, text
 * burned into the pixels.
 *
 * @param series which one of several in a folder, the largest first
 * @throws FaultError `image-missing`, `image-unreadable` (no images, colour, a transfer syntax that cannot be decoded),
 *   `image-truncated`
 */
export async function readDicom(path: string, name: string, series = 0): Promise<StoredImage> {
  const plan = planSeries(readSliceHeaders(path, name, seriesFiles), name, series);
  if (plan.isNative) return completeSeries(plan, readNativePixels(plan.slices, name, readBytes), name);
  return completeSeries(plan, await decodeCompressed(plan.slices, name), name);
}
