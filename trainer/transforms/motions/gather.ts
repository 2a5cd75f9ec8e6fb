import { countElements, createTensor, type Tensor } from '../../data/tensor.ts';

/** For one axis: which input index each output index takes; -1 where it takes the fill value. */
export type AxisMap = Int32Array;

/** The map that takes every index from itself. */
export function keepAxis(size: number): AxisMap {
  return Int32Array.from({ length: size }, (_, index) => index);
}

/** The map that mirrors an axis. */
export function mirrorAxis(size: number): AxisMap {
  return Int32Array.from({ length: size }, (_, index) => size - 1 - index);
}

/**
 * Picks voxels axis by axis: output (c, i, j, k) is input (c, maps[0][i], maps[1][j], maps[2][k]), or `fill` where a map
 * says -1. Crops, pads, flips and nearest-neighbour resampling along the axes are all this. One map per spatial axis.
 */
export function gatherAxes(tensor: Tensor, maps: readonly AxisMap[], fill = 0): Tensor {
  const [channels, ...spatial] = tensor.shape;
  const outShape = [channels, ...maps.map((map) => map.length)];
  const out = new Float32Array(countElements(outShape));
  if (fill !== 0) out.fill(fill);
  const [mapX, mapY, mapZ] = padFront(maps, 3, keepAxis(1));
  const [, sizeY, sizeZ] = padFront(spatial, 3, 1);
  const planeSize = countElements(spatial);
  const run = findRun(mapZ);
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (const x of mapX) {
      for (const y of mapY) {
        if (x >= 0 && y >= 0)
          copyRow(tensor.data, channel * planeSize + (x * sizeY + y) * sizeZ, mapZ, run, out, to);
        to += mapZ.length;
      }
    }
  }
  return createTensor(outShape, out);
}

/** Consecutive output indices that take consecutive input indices, with the fill value on both sides. */
interface Run {
  readonly outStart: number;
  readonly outEnd: number;
  readonly inStart: number;
}

/** The map as one run; undefined when it is none. */
function findRun(map: AxisMap): Run | undefined {
  let outStart = 0;
  while (outStart < map.length && map[outStart] < 0) outStart++;
  let outEnd = map.length;
  while (outEnd > outStart && map[outEnd - 1] < 0) outEnd--;
  const inStart = outStart < outEnd ? map[outStart] : 0;
  for (let out = outStart; out < outEnd; out++) {
    if (map[out] !== inStart + out - outStart) return undefined;
  }
  return { outStart, outEnd, inStart };
}

function copyRow(
  source: Float32Array,
  from: number,
  map: AxisMap,
  run: Run | undefined,
  target: Float32Array,
  to: number,
): void {
  if (run !== undefined) {
    const first = from + run.inStart;
    target.set(source.subarray(first, first + run.outEnd - run.outStart), to + run.outStart);
    return;
  }
  for (let out = 0; out < map.length; out++) {
    if (map[out] >= 0) target[to + out] = source[from + map[out]];
  }
}

/** The list with `value` put in front until it has `length` entries. */
export function padFront<Value>(list: readonly Value[], length: number, value: Value): readonly Value[] {
  return [...new Array<Value>(length - list.length).fill(value), ...list];
}
