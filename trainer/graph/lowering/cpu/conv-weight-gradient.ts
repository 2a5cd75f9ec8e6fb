import {
  concat,
  expand,
  matMul,
  pad,
  readGeometry,
  reduceSum,
  reshape,
  slice,
  transpose,
  type ConvolutionGeometry,
} from '../../ops/index.ts';
import { range, sizeOf } from '../../shape.ts';
import type { Shape, Value } from '../../value.ts';
import type { LoweringRule } from '../lowering-rule.ts';
import { combine, phaseIndex, pitchesOf, splitPhases, tapsPerAxis, type Tap } from './stride-phases.ts';

/**
 * The kernel's gradient from flat images: the rows of the padded image follow each other without gap, so what a kernel
 * position sees is one piece of memory, a shift of the whole. The output's gradient gets the same gaps, filled with zeros,
 * so what lies in the image's gaps does not count. A stride is taken apart first ({@link splitPhases}).
 *
 * Against one strided slice per kernel position, as the operation is built: 1.3 to 2 times as fast from 24 voxels per axis
 * on, 3 times with few channels (`bench/train-step`, FusedMatMul and Slice of the operator table).
 */
export const convWeightGradientLowering: LoweringRule = {
  opType: 'ConvWeightGradient',
  lower: ({ inputs: [x, dy], attributes }) => {
    const geometry = readGeometry(attributes);
    if (geometry.group !== 1) return undefined;
    const perPosition = fromFlatImage(x, dy, geometry) ?? fromBoxes(x, dy, geometry);
    return [reshape(positionsLast(perPosition), [dy.shape[1], x.shape[1], ...geometry.kernel])];
  },
};

/** `[positions, O, I]`; undefined where flat images do not pay. */
function fromFlatImage(x: Value, dy: Value, geometry: ConvolutionGeometry): Value | undefined {
  const plan = planFlat(geometry, dy.shape.slice(2));
  if (plan.waste > LARGEST_WASTE) return undefined;
  const phases = splitPhases(cover(x, plan, geometry), geometry.strides);
  if (phases === undefined) return undefined;
  const flat = reshape(phases, [...phases.shape.slice(0, 3), sizeOf(plan.grid)]);
  const product =
    phases.shape[0] === 1 ? productOfStacks : isThin(x, dy) ? productOfColumns : productPerPosition;
  return product(flat, flattenGradient(dy, plan), plan);
}

/** One product per kernel position, with the box of the padded image that it sees. Gives `[positions, O, I]`. */
function fromBoxes(x: Value, dy: Value, geometry: ConvolutionGeometry): Value {
  const { kernel, strides, dilations, padsBefore, padsAfter } = geometry;
  const [batch, filters, ...outputSize] = dy.shape;
  const padded = pad(x, { before: [0, 0, ...padsBefore], after: [0, 0, ...padsAfter] });
  const rows = reshape(dy, [batch, filters, sizeOf(outputSize)]);
  const products = combine(kernel.map((size) => range(0, size))).map((position) => {
    const starts = position.map((at, axis) => at * dilations[axis]);
    const ends = starts.map((start, axis) => start + (outputSize[axis] - 1) * strides[axis] + 1);
    const seen = slice(padded, { axes: range(2, x.shape.length), starts, ends, steps: strides });
    return productOfRows(rows, reshape(seen, [batch, x.shape[1], sizeOf(outputSize)]));
  });
  return concat(products, 0);
}

/** `[positions, O, I]` as `[O * I, positions]`. A product with the identity: a Transpose takes ten times as long. */
function positionsLast(x: Value): Value {
  const [positions, filters, channels] = x.shape;
  const identity = Float32Array.from({ length: positions ** 2 }, (_, at) =>
    Number(at % (positions + 1) === 0),
  );
  const columns = transpose(reshape(x, [positions, filters * channels]), [1, 0]);
  return matMul(columns, x.graph.constant(identity, [positions, positions]));
}

/** From here on the gaps cost more multiplications than long pieces of memory save. */
const LARGEST_WASTE = 1.3;

interface FlatPlan {
  /** Positions of one phase of the padded image. */
  readonly grid: Shape;
  readonly strides: Shape;
  /** Per axis, the tap of every kernel position. */
  readonly perAxis: readonly (readonly Tap[])[];
  /** Shifts that the farthest kernel position makes, per axis. */
  readonly reach: Shape;
  /** Length of the pieces that are multiplied, and how much of it the gaps make. */
  readonly length: number;
  readonly waste: number;
}

function planFlat(geometry: ConvolutionGeometry, outputSize: Shape): FlatPlan {
  const perAxis = tapsPerAxis(geometry);
  const reach = perAxis.map((ofAxis) => Math.max(...ofAxis.map(({ shift }) => shift)));
  const grid = outputSize.map((size, axis) => size + reach[axis]);
  const farthest = Math.max(...combine(perAxis).map((tap) => offsetOf(tap, grid)));
  const length = sizeOf(grid) - farthest;
  return { grid, strides: geometry.strides, perAxis, reach, length, waste: length / sizeOf(outputSize) };
}

/** How far behind the first kernel position another one starts to see, along the flat grid. */
function offsetOf(tap: readonly Tap[], grid: Shape): number {
  const pitches = pitchesOf(grid);
  return tap.reduce((sum, { shift }, axis) => sum + shift * pitches[axis], 0);
}

/** The image with its padding, grown or cut at the end to what the grid covers. */
function cover(x: Value, { grid, strides }: FlatPlan, { padsBefore }: ConvolutionGeometry): Value {
  const target = grid.map((size, axis) => size * strides[axis] - padsBefore[axis]);
  const size = x.shape.slice(2);
  const ends = size.map((length, axis) => Math.min(length, target[axis]));
  const kept = ends.every((end, axis) => end === size[axis])
    ? x
    : slice(x, { axes: range(2, x.shape.length), starts: size.map(() => 0), ends });
  return pad(kept, {
    before: [0, 0, ...padsBefore],
    after: [0, 0, ...target.map((length, axis) => length - ends[axis])],
  });
}

/** The output's gradient with the image's gaps, as `[N, O, length]`; zeros behind the last voxel may be left. */
function flattenGradient(dy: Value, { reach }: FlatPlan): Value {
  const gaps = reach.map((size, axis) => (axis === 0 ? 0 : size));
  const padded = pad(dy, { before: dy.shape.map(() => 0), after: [0, 0, ...gaps] });
  return reshape(padded, [dy.shape[0], dy.shape[1], -1]);
}

/** With so few channels a product per kernel position would be mere passes over memory. */
const isThin = (x: Value, dy: Value): boolean => Math.min(x.shape[1], dy.shape[1]) < 8;

/** One product per kernel position. Gives `[positions, O, I]`. */
function productPerPosition(flat: Value, dy: Value, plan: FlatPlan): Value {
  const rows = pieceOf(dy, 2, 0, plan.length);
  const products = combine(plan.perAxis).map((tap) => productOfRows(rows, seenFrom(flat, tap, plan)));
  return concat(products, 0);
}

/**
 * With a stride and few channels: what many kernel positions see, one below the other, in one product. Positions on the
 * kernel's first axis take turns, which spares memory. Gives `[positions, O, I]`.
 */
function productOfColumns(flat: Value, dy: Value, plan: FlatPlan): Value {
  const [filters, channels] = [dy.shape[1], flat.shape[2]];
  const rows = pieceOf(dy, 2, 0, plan.length);
  const products = plan.perAxis[0].map((first) => {
    const seen = combine(plan.perAxis.with(0, [first])).map((tap) => seenFrom(flat, tap, plan));
    const product = productOfRows(rows, concat(seen, 1));
    return transpose(reshape(product, [filters, seen.length, channels]), [1, 0, 2]);
  });
  return concat(products, 0);
}

/**
 * Without a stride: the image is stacked with its shifts along the last axis, the gradient with the opposite shifts along
 * the axis in the middle, so that 3 and 3 copies make 9 positions of one product. Positions on the first axis take turns,
 * which spares memory. Gives `[positions, O, I]`.
 */
function productOfStacks(flat: Value, dy: Value, { perAxis, grid }: FlatPlan): Value {
  const [, batch, channels, voxels] = flat.shape;
  const filters = dy.shape[1];
  const pitches = pitchesOf(grid);
  const shifts = perAxis.map((taps, axis) => taps.map(({ shift }) => shift * pitches[axis]));
  const last = perAxis.length - 1;
  const turns = last === 0 ? [0] : shifts[0];
  const delays = last === 2 ? shifts[1] : [0];
  const needed = dy.shape[2] + Math.max(...turns) + Math.max(...delays);
  const columns = stackAdvanced(reshape(flat, [batch, channels, voxels]), shifts[last], needed);
  const products = turns.map((turn) => {
    const rows = stackDelayed(
      dy,
      delays.map((delay) => turn + delay),
      columns.shape[2],
    );
    return productOfRows(rows, columns);
  });
  const counts = [turns.length, delays.length, shifts[last].length];
  const open = reshape(concat(products, 0), [counts[0], filters, counts[1], channels, counts[2]]);
  return reshape(transpose(open, [0, 2, 4, 1, 3]), [sizeOf(counts), filters, channels]);
}

/** `[N, O, length] x [N, I, length]`, summed over `N`: `[1, O, I]`. */
const productOfRows = (a: Value, b: Value): Value => reduceSum(matMul(a, transpose(b, [0, 2, 1])), [0], true);

/** Each channel once per delay, with zeros before and behind it: `[N, C * delays, length]`. */
function stackDelayed(x: Value, delays: Shape, length: number): Value {
  const [batch, channels, own] = x.shape;
  // The zeros behind a row and those before the next one are one piece.
  const starts = delays.map((delay, row) => row * length + delay);
  const gaps = [...starts, delays.length * length].map((start, row) =>
    row === 0 ? start : start - starts[row - 1] - own,
  );
  const pieces = gaps.flatMap((gap, row) => [...zeros(x, gap), ...(row < delays.length ? [x] : [])]);
  return reshape(concat(pieces, 2), [batch, channels * delays.length, length]);
}

/**
 * Each channel once per shift, moved forward: `[N, C * shifts, length]`, at least as long as needed. Copies one behind the
 * other, read in rows that are one shift longer. Behind a row's own copy there is the beginning of the next one.
 */
function stackAdvanced(x: Value, shifts: Shape, needed: number): Value {
  const [batch, channels, own] = x.shape;
  const [step = 0] = shifts.slice(1);
  const room = zeros(x, Math.max(0, needed - own - step));
  const copies = shifts.flatMap(() => [x, ...room]);
  const all = concat([...copies, ...zeros(x, step * shifts.length)], 2);
  return reshape(all, [batch, channels * shifts.length, all.shape[2] / shifts.length]);
}

/** A piece of zeros to join to the last of three axes; none when it is empty. */
const zeros = ({ graph, shape: [batch, channels] }: Value, length: number): Value[] =>
  length === 0 ? [] : [expand(graph.scalar(0), [batch, channels, length])];

/** What a kernel position sees, as `[N, I, length]`. */
function seenFrom(flat: Value, tap: readonly Tap[], { strides, grid, length }: FlatPlan): Value {
  const index = phaseIndex(
    tap.map(({ phase }) => phase),
    strides,
  );
  const from = offsetOf(tap, grid);
  const piece = slice(flat, { axes: [0, 3], starts: [index, from], ends: [index + 1, from + length] });
  return reshape(piece, flat.shape.slice(1).with(2, length));
}

/** `length` positions of one axis. */
const pieceOf = (x: Value, axis: number, from: number, length: number): Value =>
  length === x.shape[axis] ? x : slice(x, { axes: [axis], starts: [from], ends: [from + length] });
