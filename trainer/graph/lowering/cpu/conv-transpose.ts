import {
  add,
  concat,
  conv,
  expand,
  gather,
  matMul,
  pad,
  readGeometry,
  reshape,
  slice,
  transpose,
  type ConvolutionGeometry,
} from '../../ops/index.ts';
import { range, sizeOf } from '../../shape.ts';
import type { Shape, Value } from '../../value.ts';
import type { LoweringRule } from '../lowering-rule.ts';
import {
  combine,
  cropTo,
  joinPhases,
  phaseIndex,
  pitchesOf,
  tapsPerAxis,
  type Tap,
} from './stride-phases.ts';

/**
 * A transposed convolution `y[p * stride + k * dilation - pad] += w[k] * x[p]`, phase by phase of its result. On the grid
 * of a phase it is a convolution without stride: `y[t] = sum over the phase's k of w[k] * x[t - shift of k]`.
 *
 * ONNX Runtime's ConvTranspose multiplies into columns and adds them voxel by voxel: 3 to 10 GFLOP/s where the two ways
 * below reach 15 to 40 (`bench/train-step`, ConvTranspose of the operator table).
 */
export const convTransposeLowering: LoweringRule = {
  opType: 'ConvTranspose',
  lower: ({ inputs: [x, w, b], outputs: [y], attributes }) => {
    const plan = planPhases(readGeometry(attributes), x.shape, y.shape);
    if (plan === undefined) return undefined;
    const phases = prefersDense(plan, x.shape[1])
      ? convolveDensely(x, w, b, plan)
      : addProducts(x, w, b, plan);
    return [cropTo(joinPhases(phases, plan.strides), y.shape.slice(2), 2)];
  },
};

interface PhasePlan {
  readonly strides: Shape;
  /** Per axis, the tap of every kernel position. */
  readonly taps: readonly (readonly Tap[])[];
  /** Positions of one phase of the result. */
  readonly grid: Shape;
  /** Zeros before and behind the image, so that every shift of it covers the grid. */
  readonly before: Shape;
  readonly after: Shape;
}

/** Undefined for groups, and where the result is so small that the image would have to shrink instead of grow. */
function planPhases(geometry: ConvolutionGeometry, image: Shape, result: Shape): PhasePlan | undefined {
  const { strides, padsBefore, group } = geometry;
  const taps = tapsPerAxis(
    geometry,
    padsBefore.map((size) => -size),
  );
  const grid = strides.map((stride, axis) => Math.ceil(result[axis + 2] / stride));
  const shifts = taps.map((ofAxis) => ofAxis.map(({ shift }) => shift));
  const before = shifts.map((ofAxis) => Math.max(...ofAxis));
  const after = shifts.map((ofAxis, axis) => grid[axis] - Math.min(...ofAxis) - image[axis + 2]);
  if (group !== 1 || [...before, ...after].some((size) => size < 0)) return undefined;
  return { strides, taps, grid, before, after };
}

/** Positions that the kernel of {@link convolveDensely} has per axis. */
const reachOf = ({ taps, before }: PhasePlan): number[] =>
  taps.map((ofAxis, axis) => before[axis] - Math.min(...ofAxis.map(({ shift }) => shift)) + 1);

/**
 * Weighs the zeros that a dense kernel multiplies against the passes over memory that sums of products take; one pass
 * costs as much as some 60 channels of multiplications.
 */
function prefersDense(plan: PhasePlan, channels: number): boolean {
  const { strides, taps, grid, before, after } = plan;
  const positions = sizeOf(taps.map((ofAxis) => ofAxis.length));
  const dense = (sizeOf(strides) * sizeOf(reachOf(plan))) / positions;
  const padded = sizeOf(grid.map((size, axis) => size + before[axis] + after[axis])) / sizeOf(grid);
  return dense * channels < padded * channels + 60;
}

/**
 * All phases as the channels of one convolution, whose kernel holds zeros where a phase does not use a shift.
 * Gives `[N, ...strides, O, ...grid]`.
 */
function convolveDensely(x: Value, w: Value, b: Value | undefined, plan: PhasePlan): Value {
  const { strides, taps, grid, before, after } = plan;
  const reach = reachOf(plan);
  const [channels, filters] = w.shape;
  const rank = strides.length;
  // Behind its last position the kernel gets a zero, which every pair of phase and shift without a tap picks.
  let kernel = pad(w, { before: w.shape.map(() => 0), after: w.shape.map((_, axis) => (axis < 2 ? 0 : 1)) });
  for (const axis of range(0, rank).reverse()) {
    const picks = range(0, strides[axis]).flatMap((phase) =>
      range(0, reach[axis]).map((at) => {
        const k = taps[axis].findIndex((tap) => tap.phase === phase && tap.shift === before[axis] - at);
        return BigInt(k === -1 ? taps[axis].length : k);
      }),
    );
    const indices = w.graph.constant(BigInt64Array.from(picks), [strides[axis], reach[axis]]);
    kernel = gather(kernel, indices, axis + 2);
  }
  const phaseAxes = range(0, rank).map((axis) => 2 + 2 * axis);
  const order = [...phaseAxes, 1, 0, ...phaseAxes.map((axis) => axis + 1)];
  const stacked = reshape(transpose(kernel, order), [sizeOf(strides) * filters, channels, ...reach]);
  const bias = b && reshape(expand(b, [sizeOf(strides), filters]), [sizeOf(strides) * filters]);
  const maps = conv(x, stacked, bias, { pads: [...before, ...after] });
  return reshape(maps, [x.shape[0], ...strides, filters, ...grid]);
}

/**
 * One matrix product for all kernel positions, then per phase the sum of their results, each shifted. Rows of the padded
 * grid follow each other without gap, so a shift is one piece of memory. Gives `[N, ...strides, O, ...grid]`.
 */
function addProducts(x: Value, w: Value, b: Value | undefined, plan: PhasePlan): Value {
  const { strides, taps, grid, before, after } = plan;
  const [batch, channels] = x.shape;
  const filters = w.shape[1];
  const rank = strides.length;
  const paddedGrid = x.shape.slice(2).map((size, axis) => before[axis] + size + after[axis]);
  const voxels = sizeOf(paddedGrid);
  const pitches = pitchesOf(paddedGrid);
  const offsetOf = (tap: readonly Tap[]): number =>
    tap.reduce((sum, { shift }, axis) => sum + (before[axis] - shift) * pitches[axis], 0);
  const positions = combine(taps);
  const reach = Math.max(...positions.map(offsetOf));

  const padded = pad(x, { before: [0, 0, ...before], after: [0, 0, ...after] });
  const columns = pad(reshape(padded, [batch, channels, voxels]), {
    before: [0, 0, 0],
    after: [0, 0, reach],
  });
  const kernelRows = transpose(w, [...range(2, rank + 2), 1, 0]);
  const products = matMul(reshape(kernelRows, [positions.length * filters, channels]), columns);
  const shifted = (index: number): Value => {
    const from = offsetOf(positions[index]);
    const starts = [index * filters, from];
    return slice(products, { axes: [1, 2], starts, ends: [starts[0] + filters, from + voxels] });
  };
  const phases = combine(strides.map((stride) => range(0, stride))).map((phase) => {
    const own = positions.flatMap((tap, index) =>
      phaseIndex(
        tap.map((at) => at.phase),
        strides,
      ) === phaseIndex(phase, strides)
        ? [index]
        : [],
    );
    // A stride beyond the kernel leaves phases that no kernel position reaches.
    if (own.length === 0) return expand(x.graph.scalar(0), [batch, filters, voxels]);
    return own.map(shifted).reduce((sum, part) => add(sum, part));
  });
  const maps = reshape(concat(phases, 1), [batch, ...strides, filters, ...paddedGrid]);
  const cropped = cropTo(maps, grid, rank + 2);
  return b === undefined ? cropped : add(cropped, reshape(b, [filters, ...grid.map(() => 1)]));
}
