/** Settings for the plain loops below, one entry per spatial axis. */
export interface ReferenceGeometry {
  readonly strides: readonly number[];
  readonly padsBefore: readonly number[];
  readonly dilations: readonly number[];
  readonly group: number;
}

/** A tensor as nested loops see it. */
export interface Dense {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

const positions = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (heads, length) => heads.flatMap((head) => Array.from({ length }, (_, last) => [...head, last])),
    [[]],
  );

const offset = (shape: readonly number[], position: readonly number[]): number =>
  position.reduce((sum, at, axis) => sum * shape[axis] + at, 0);

/** Every pair of an output voxel of a convolution and the image voxel that one kernel position meets. */
function* meetings(
  image: readonly number[],
  kernel: readonly number[],
  output: readonly number[],
  { strides, padsBefore, dilations }: ReferenceGeometry,
): Generator<[output: number[], kernel: number[], image: number[]]> {
  for (const p of positions(output))
    for (const k of positions(kernel)) {
      const q = p.map((at, axis) => at * strides[axis] + k[axis] * dilations[axis] - padsBefore[axis]);
      if (q.every((at, axis) => at >= 0 && at < image[axis])) yield [p, k, q];
    }
}

/** `y[n, o, p] = sum of w[o, i, k] * x[n, i, p * stride + k * dilation - pad]`, straight from the definition. */
export function convByLoops(
  x: Dense,
  w: Dense,
  outputSize: readonly number[],
  geometry: ReferenceGeometry,
): Dense {
  const [filters, channels, ...kernel] = w.shape;
  const shape = [x.shape[0], filters, ...outputSize];
  const y = new Float64Array(size(shape));
  for (const [p, k, q] of meetings(x.shape.slice(2), kernel, outputSize, geometry))
    for (const [n, o, i] of positions([x.shape[0], filters, channels])) {
      const channel = Math.floor((o * geometry.group) / filters) * channels + i;
      y[offset(shape, [n, o, ...p])] +=
        w.data[offset(w.shape, [o, i, ...k])] * x.data[offset(x.shape, [n, channel, ...q])];
    }
  return { shape, data: y };
}

/** `y[n, o, p * stride + k * dilation - pad] += w[i, o, k] * x[n, i, p]`, straight from the definition. */
export function convTransposeByLoops(
  x: Dense,
  w: Dense,
  outputSize: readonly number[],
  geometry: ReferenceGeometry,
): Dense {
  const [channels, filtersPerGroup, ...kernel] = w.shape;
  const shape = [x.shape[0], filtersPerGroup * geometry.group, ...outputSize];
  const y = new Float64Array(size(shape));
  for (const [p, k, q] of meetings(outputSize, kernel, x.shape.slice(2), geometry))
    for (const [n, i, o] of positions([x.shape[0], channels, filtersPerGroup])) {
      const filter = Math.floor((i * geometry.group) / channels) * filtersPerGroup + o;
      y[offset(shape, [n, filter, ...q])] +=
        w.data[offset(w.shape, [i, o, ...k])] * x.data[offset(x.shape, [n, i, ...p])];
    }
  return { shape, data: y };
}
