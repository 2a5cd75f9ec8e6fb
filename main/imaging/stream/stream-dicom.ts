import {
  haveOneScaling,
  readSlicePixels,
  storedTypeOf,
} from '../../../common/imaging/dicom/native-pixels.ts';
import { describeSeries, planSeries } from '../../../common/imaging/dicom/plan-series.ts';
import { readSliceHeaders } from '../../../common/imaging/dicom/read-headers.ts';
import { seriesFiles } from '../dicom/series-files.ts';
import type { Volume } from '../make-volume.ts';
import { readBytes } from '../read-bytes.ts';
import type { VolumeSource } from '../volume-source.ts';
import { beginPlanes, type ReadingListener } from './advance-planes.ts';

/**
 * Reads a DICOM series so that its voxels can be handed on slice by slice; undefined for one that has to be read whole:
 * compressed, of many frames in a file, scaled slice by slice, or not axial.
 *
 * @throws FaultError `image-missing`, `image-unreadable`, `image-truncated`
 */
export function streamDicom(source: VolumeSource, listener: ReadingListener): Volume | undefined {
  const { file, name, series } = source;
  const plan = planSeries(readSliceHeaders(file, name, seriesFiles), name, series);
  const { slices, grid, isNative } = plan;
  const [first] = slices;
  if (first === undefined || grid === undefined || !isNative || !haveOneScaling(slices)) return undefined;
  const planes = beginPlanes(describeSeries(plan, grid, first), storedTypeOf(first), source, listener);
  if (planes === undefined) return undefined;
  slices.forEach((slice, index) => {
    const pixels = readSlicePixels(slice, index, name, readBytes);
    // Signed bytes are kept in twice as many.
    const kept = pixels instanceof Int8Array ? Int16Array.from(pixels) : pixels;
    planes.add(new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength));
  });
  return planes.finish();
}
