import { countElements, createTensor, type Tensor } from '../../data/tensor.ts';
import type { Resampling } from './resampling.ts';
import { foldCoordinate, roundHalfToEven } from './sample-axis.ts';

/** One channel of the input. */
interface Volume {
  readonly data: Float32Array;
  readonly start: number;
  readonly sizeX: number;
  readonly sizeY: number;
  readonly sizeZ: number;
}

type Sample = (volume: Volume, x: number, y: number, z: number) => number;

/** Pulls every output voxel along slanted axes, where each coordinate depends on all three output indices. */
export function resampleOblique(tensor: Tensor, resampling: Resampling): Tensor {
  const { indexMap, shape, mode, paddingMode, alignCorners } = resampling;
  const [channels, sizeX, sizeY, sizeZ] = tensor.shape;
  const [outX, outY, outZ] = shape;
  const out = new Float32Array(channels * countElements(shape));
  const sample: Sample = mode === 'nearest' ? nearestVoxel : blendNeighbours;
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    const volume = { data: tensor.data, start: channel * sizeX * sizeY * sizeZ, sizeX, sizeY, sizeZ };
    for (let i = 0; i < outX; i++) {
      for (let j = 0; j < outY; j++) {
        const rowX = indexMap[0] * i + indexMap[1] * j + indexMap[3];
        const rowY = indexMap[4] * i + indexMap[5] * j + indexMap[7];
        const rowZ = indexMap[8] * i + indexMap[9] * j + indexMap[11];
        for (let k = 0; k < outZ; k++) {
          const x = foldCoordinate(rowX + indexMap[2] * k, sizeX, paddingMode, alignCorners);
          const y = foldCoordinate(rowY + indexMap[6] * k, sizeY, paddingMode, alignCorners);
          const z = foldCoordinate(rowZ + indexMap[10] * k, sizeZ, paddingMode, alignCorners);
          out[to++] = sample(volume, x, y, z);
        }
      }
    }
  }
  return createTensor([channels, ...shape], out);
}

function nearestVoxel(volume: Volume, x: number, y: number, z: number): number {
  return voxelAt(volume, roundHalfToEven(x), roundHalfToEven(y), roundHalfToEven(z));
}

function blendNeighbours(volume: Volume, x: number, y: number, z: number): number {
  const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const [fx, fy, fz] = [x - x0, y - y0, z - z0];
  const along = (xi: number, yi: number): number =>
    (1 - fz) * voxelAt(volume, xi, yi, z0) + fz * voxelAt(volume, xi, yi, z0 + 1);
  const lower = (1 - fy) * along(x0, y0) + fy * along(x0, y0 + 1);
  const upper = (1 - fy) * along(x0 + 1, y0) + fy * along(x0 + 1, y0 + 1);
  return (1 - fx) * lower + fx * upper;
}

/** The voxel; 0 outside of the image. */
function voxelAt({ data, start, sizeX, sizeY, sizeZ }: Volume, x: number, y: number, z: number): number {
  const isInside = x >= 0 && x < sizeX && y >= 0 && y < sizeY && z >= 0 && z < sizeZ;
  return isInside ? data[start + (x * sizeY + y) * sizeZ + z] : 0;
}
