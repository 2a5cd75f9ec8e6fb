import { writeFileSync } from 'node:fs';
import { FaultError } from '../../common/fault.ts';
import { asFileFault } from '../../common/file-fault.ts';
import { toColumnMajor } from '../../common/imaging/axis-order.ts';
import { reorientVoxels } from '../../common/imaging/reorient-voxels.ts';
import { measureValues } from '../../common/imaging/value-statistics.ts';
import type { VolumeFacts } from '../../common/imaging/volume-facts.ts';
import { narrowVoxels, typeOfVoxels } from '../../common/imaging/voxel-array.ts';
import type { StepImageRef } from '../../common/preview-protocol.ts';
import { isTensor, type Tensor } from '../data/tensor.ts';
import { turnOf, type PlacedItem } from './describe-step.ts';
import { channelCount, spatialSizes, type ImagePlace } from './image-place.ts';

/**
 * Writes one channel of an image for the window: raw voxels, x fastest, turned to closest canonical RAS, in the narrowest
 * type that holds them exactly. Only the user may read the file.
 *
 * @throws FaultError `volume-gone` for an image that is not there, `disk-full`, `file-unwritable`
 */
export function writeStepImage(
  items: readonly PlacedItem[] | undefined,
  { item: number, key, channel }: StepImageRef,
  file: string,
): VolumeFacts {
  const placed = items?.[number];
  const tensor = placed?.item[key];
  const place = placed?.places.get(key);
  if (!isTensor(tensor) || place === undefined)
    throw gone(`There is no image "${key}" of item ${number} after this step.`);
  const channels = channelCount(tensor, place);
  if (channel >= channels) throw gone(`"${key}" has no channel ${channel}.`, `0 to ${channels - 1}`);
  const shape = spatialSizes(tensor, place);
  const { reorientation, grid, spacingMm, orientation } = turnOf(tensor, place);
  const values = pickChannel(tensor, place, channel);
  const columnMajor = toColumnMajor(values, shape, new Float32Array(values.length));
  const voxels = narrowVoxels(
    reorientVoxels(columnMajor, shape, reorientation, new Float32Array(values.length)),
  );
  try {
    writeFileSync(file, voxels, { mode: 0o600 });
  } catch (error) {
    throw asFileFault(error, 'preview');
  }
  return {
    shape: [...grid.shape],
    affine: [...grid.affine],
    spacingMm: [...spacingMm],
    voxelType: typeOfVoxels(voxels),
    slope: 1,
    intercept: 0,
    inverted: false,
    statistics: measureValues(voxels),
    source: {
      format: 'preview',
      voxelType: 'float32',
      orientation,
      shape: [...shape],
      channel,
      channelCount: channels,
    },
    warnings: [],
  };
}

function pickChannel(tensor: Tensor, { channelAxis }: ImagePlace, channel: number): Float32Array {
  const { data, shape } = tensor;
  if (channelAxis === 'none') return data;
  if (channelAxis === 'first') {
    const length = data.length / shape[0];
    return data.subarray(channel * length, (channel + 1) * length);
  }
  const channels = shape[shape.length - 1];
  return Float32Array.from({ length: data.length / channels }, (_, at) => data[at * channels + channel]);
}

const gone = (message: string, allowed?: string): FaultError =>
  new FaultError({ code: 'volume-gone', message, ...(allowed === undefined ? {} : { allowed }) });
