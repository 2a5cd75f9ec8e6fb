import { countElements, createTensor, stridesOf, type Tensor } from '../data/tensor.ts';

/** Windows of one size within images of one size. Images and windows are (batch, channel, ...spatial). */
export interface WindowGrid {
  readonly windowSize: readonly number[];
  /** Voxels of an image. */
  readonly voxels: number;
  /** Where the rows of a window (its runs along the last axis) begin, relative to its first voxel. */
  readonly rows: readonly number[];
  readonly rowLength: number;
  /** The offset of a voxel within a channel. */
  offsetOf(position: readonly number[]): number;
}

/** One window: which image of the batch, and the offset of its first voxel within a channel. */
export interface Window {
  readonly image: number;
  readonly start: number;
}

export function createWindowGrid(imageSize: readonly number[], windowSize: readonly number[]): WindowGrid {
  const strides = stridesOf(imageSize);
  const rows = windowSize.slice(0, -1).reduce(
    (offsets, size, axis) => {
      const steps = Array.from({ length: size }, (_, index) => index * strides[axis]);
      return offsets.flatMap((offset) => steps.map((step) => offset + step));
    },
    [0],
  );
  return {
    windowSize,
    voxels: countElements(imageSize),
    rows,
    rowLength: windowSize[windowSize.length - 1],
    offsetOf: (position) => position.reduce((sum, index, axis) => sum + index * strides[axis], 0),
  };
}

/** Copies windows out of images, one behind the other. */
export function cutWindows(images: Tensor, windows: readonly Window[], grid: WindowGrid): Tensor {
  const { voxels, rows, rowLength } = grid;
  const channels = images.shape[1];
  const cut = new Float32Array(windows.length * channels * rows.length * rowLength);
  let target = 0;
  for (const { image, start } of windows) {
    for (let channel = 0; channel < channels; channel++) {
      const origin = (image * channels + channel) * voxels + start;
      for (const row of rows) {
        cut.set(images.data.subarray(origin + row, origin + row + rowLength), target);
        target += rowLength;
      }
    }
  }
  return createTensor([windows.length, channels, ...grid.windowSize], cut);
}

/** Adds windows, times the weights of their voxels, to where they stand in `sums` (batch, channel, ...spatial). */
export function addWindows(
  sums: Float32Array,
  outputs: Tensor,
  windows: readonly Window[],
  weights: Float32Array,
  { voxels, rows, rowLength }: WindowGrid,
): void {
  const channels = outputs.shape[1];
  let source = 0;
  for (const { image, start } of windows) {
    for (let channel = 0; channel < channels; channel++) {
      const origin = (image * channels + channel) * voxels + start;
      let at = 0;
      for (const row of rows) {
        for (let target = origin + row; target < origin + row + rowLength; target++) {
          sums[target] += weights[at++] * outputs.data[source++];
        }
      }
    }
  }
}

/** The weights that each voxel of an image gets from windows at these offsets together. */
export function sumWeights(starts: readonly number[], weights: Float32Array, grid: WindowGrid): Float32Array {
  const ones = createTensor([1, 1, ...grid.windowSize], new Float32Array(weights.length).fill(1));
  const sums = new Float32Array(grid.voxels);
  for (const start of starts) addWindows(sums, ones, [{ image: 0, start }], weights, grid);
  return sums;
}
