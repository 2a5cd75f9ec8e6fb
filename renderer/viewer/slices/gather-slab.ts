import type { VoxelArray } from '../../../common/imaging/voxel-array.ts';

/**
 * Where the voxels of neighbouring sagittal slices are: `slices` of them stand side by side in memory, then `step` from one
 * column to the next and `rowStep` from one row to the next.
 */
export interface Slab {
  readonly start: number;
  readonly step: number;
  readonly rowStep: number;
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
}

/**
 * Copies neighbouring sagittal slices, one behind the other, into `target`. All of them are read in one go: a line of the
 * processor's cache holds voxels of each, and fetching the lines is what takes the time.
 *
 * There is a loop for each size of voxels, and signed ones are copied as unsigned ones: a loop that meets several types of
 * arrays runs several times slower.
 */
export function gatherSlab(voxels: VoxelArray, slab: Slab, target: VoxelArray): void {
  if (voxels.BYTES_PER_ELEMENT === 1) gatherBytes(asBytes(voxels), slab, asBytes(target));
  else if (voxels.BYTES_PER_ELEMENT === 2) gatherShorts(asShorts(voxels), slab, asShorts(target));
  else gatherWords(asWords(voxels), slab, asWords(target));
}

const asBytes = ({ buffer, byteOffset, length }: VoxelArray) => new Uint8Array(buffer, byteOffset, length);
const asShorts = ({ buffer, byteOffset, length }: VoxelArray) => new Uint16Array(buffer, byteOffset, length);
const asWords = ({ buffer, byteOffset, length }: VoxelArray) => new Uint32Array(buffer, byteOffset, length);

function gatherBytes(
  voxels: Uint8Array,
  { start, step, rowStep, columns, rows, slices }: Slab,
  target: Uint8Array,
): void {
  const perSlice = columns * rows;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0, from = start + row * rowStep; column < columns; column++, from += step, at++) {
      for (let slice = 0; slice < slices; slice++) target[at + slice * perSlice] = voxels[from + slice]!;
    }
  }
}

function gatherShorts(
  voxels: Uint16Array,
  { start, step, rowStep, columns, rows, slices }: Slab,
  target: Uint16Array,
): void {
  const perSlice = columns * rows;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0, from = start + row * rowStep; column < columns; column++, from += step, at++) {
      for (let slice = 0; slice < slices; slice++) target[at + slice * perSlice] = voxels[from + slice]!;
    }
  }
}

function gatherWords(
  voxels: Uint32Array,
  { start, step, rowStep, columns, rows, slices }: Slab,
  target: Uint32Array,
): void {
  const perSlice = columns * rows;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0, from = start + row * rowStep; column < columns; column++, from += step, at++) {
      for (let slice = 0; slice < slices; slice++) target[at + slice * perSlice] = voxels[from + slice]!;
    }
  }
}
