import { toRowMajor } from '../../../common/imaging/axis-order.ts';
import type { StoredImage } from '../../../common/imaging/stored-image.ts';
import type { LoadedImage } from '../loaded-image.ts';
import { createTensor } from '../tensor.ts';

/**
 * An image as its file has it, as MONAI's ITKReader gives it: axes x, y, z, and channels last; low values are dark, also where
 * the file means them to be bright (MONOCHROME1).
 */
export function convertStored(image: StoredImage, file: string): LoadedImage {
  const { grid, spatialRank, channelCount } = image;
  const spatialShape = grid.shape.slice(0, spatialRank);
  const shape = channelCount === 1 ? spatialShape : [...spatialShape, channelCount];
  return {
    voxels: createTensor(shape, toRowMajor(valuesOf(image), shape)),
    meta: {
      affine: grid.affine,
      originalAffine: grid.affine,
      spatialShape,
      originalChannelDim: channelCount === 1 ? 'no_channel' : -1,
      fileName: file,
    },
  };
}

/** The scaled values, x fastest, one whole volume behind the other; computed in float64 and then rounded. */
function valuesOf(image: StoredImage): Float32Array {
  const { voxels, slope, intercept, mirror, channelCount, interleaved } = image;
  const step = interleaved ? channelCount : 1;
  const values = new Float32Array(voxels.length);
  const count = voxels.length / step;
  for (let channel = 0, into = 0; channel < step; channel++) {
    for (let at = 0, from = channel; at < count; at++, from += step, into++) {
      const stored = mirror === undefined ? voxels[from] : mirror - voxels[from];
      values[into] = stored * slope + intercept;
    }
  }
  return values;
}
