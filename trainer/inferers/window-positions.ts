/**
 * The distance from one window to the next per axis: `roi * (1 - overlap)` cut to a whole number and at least 1, or the
 * window itself where it covers the image. Source: `_get_scan_interval` of MONAI 0.8.1.
 */
export function windowIntervals(
  imageSize: readonly number[],
  roiSize: readonly number[],
  overlap: number,
): number[] {
  return roiSize.map((size, axis) =>
    size === imageSize[axis] ? size : Math.max(Math.trunc(size * (1 - overlap)), 1),
  );
}

/**
 * Where windows start along one axis: every `interval` voxels until one reaches the end; the last is moved back so that
 * it ends with the image. Source: `dense_patch_slices` of MONAI 0.8.1.
 */
export function windowStarts(imageSize: number, roiSize: number, interval: number): number[] {
  const starts = [0];
  for (let start = interval; starts[starts.length - 1] + roiSize < imageSize; start += interval) {
    starts.push(Math.min(start, imageSize - roiSize));
  }
  return starts;
}

/** The first voxel of every window, the last axis running fastest. An image is at least as large as the window. */
export function windowPositions(
  imageSize: readonly number[],
  roiSize: readonly number[],
  overlap: number,
): number[][] {
  const intervals = windowIntervals(imageSize, roiSize, overlap);
  return imageSize.reduce<number[][]>(
    (positions, size, axis) => {
      const starts = windowStarts(size, roiSize[axis], intervals[axis]);
      return positions.flatMap((position) => starts.map((start) => [...position, start]));
    },
    [[]],
  );
}
