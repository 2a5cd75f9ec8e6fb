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
    const plan = planFlat(geometry, dy.shape.slice(2));
    if (plan.waste > LARGEST_WASTE) return undefined;
    const phases = splitPhases(cover(x, plan, geometry), geometry.strides);
    if (phases === undefined) return undefined;
    const flat = reshape(phases, [...phases.shape.slice(0, 3), sizeOf(plan.grid)]);
    const product = isThin(x, dy, phases.shape[0])
      ? phases.shape[0] === 1
        ? productOfStacks
        : productOfColumns
      : productPerPosition;
    const perPosition = product(flat, flattenGradient(dy, plan), plan);
    return [reshape(transpose(perPosition, [1, 2, 0]), [dy.shape[1], x.shape[1], ...geometry.kernel])];
  },
};

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

/** The output's gradient on the image's grid, as `[N, O, length]`. */
function flattenGradient(dy: Value, { reach, length }: FlatPlan): Value {
  const gaps = reach.map((size, axis) => (axis === 0 ? 0 : size));
  const padded = pad(dy, { before: dy.shape.map(() => 0), after: [0, 0, ...gaps] });
  const flat = reshape(padded, [dy.shape[0], dy.shape[1], -1]);
  return pieceOf(flat, 2, 0, length);
}

/** With so few channels a product per kernel position would be mere passes over memory. */
function isThin(x: Value, dy: Value, phases: number): boolean {
  const [fewer, more] = [x.shape[1], dy.shape[1]].toSorted((a, b) => a - b);
  return fewer < 8 || (phases === 1 && more <= 16);
}

/** One product per kernel position. Gives `[positions, O, I]`. */
function productPerPosition(flat: Value, dy: Value, plan: FlatPlan): Value {
  const products = combine(plan.perAxis).map((tap) => productOfRows(dy, seenFrom(flat, tap, plan)));
  return concat(products, 0);
}

/**
 * With a stride and few channels: what many kernel positions see, one below the other, in one product. Positions on the
 * kernel's first axis take turns, which spares memory. Gives `[positions, O, I]`.
 */
function productOfColumns(flat: Value, dy: Value, plan: FlatPlan): Value {
  const [filters, channels] = [dy.shape[1], flat.shape[2]];
  const products = plan.perAxis[0].map((first) => {
    const seen = combine(plan.perAxis.with(0, [first])).map((tap) => seenFrom(flat, tap, plan));
    const product = productOfRows(dy, concat(seen, 1));
    return transpose(reshape(product, [filters, seen.length, channels]), [1, 0, 2]);
  });
  return concat(products, 0);
}

/**
 * Without a stride and with few channels: the image is stacked with its shifts along the last axis, the gradient with the
 * opposite shifts along the axis in the middle, so that 3 and 3 copies make 9 positions of one product. Positions on the
 * first axis take turns, which spares memory. Gives `[positions, O, I]`.
 */
function productOfStacks(flat: Value, dy: Value, { perAxis, grid }: FlatPlan): Value {
  const [, batch, channels, voxels] = flat.shape;
  const pitches = pitchesOf(grid);
  const shifts = perAxis.map((taps, axis) => taps.map(({ shift }) => shift * pitches[axis]));
  const last = perAxis.length - 1;
  const turns = last === 0 ? [0] : shifts[0];
  const rows = last === 2 ? stackDelayed(dy, shifts[1]) : dy;
  const length = rows.shape[2];
  const room = Math.max(0, Math.max(...turns) + length - voxels);
  const columns = stackAdvanced(reshape(flat, [batch, channels, voxels]), shifts[last], room);
  const products = turns.map((turn) => productOfRows(rows, pieceOf(columns, 2, turn, length)));
  const counts = {
    turns: turns.length,
    rows: last === 2 ? shifts[1].length : 1,
    columns: shifts[last].length,
  };
  const filters = dy.shape[1];
  const open = reshape(concat(products, 0), [counts.turns, filters, counts.rows, channels, counts.columns]);
  const positions = counts.turns * counts.rows * counts.columns;
  return reshape(transpose(open, [0, 2, 4, 1, 3]), [positions, filters, channels]);
}

/** `[N, O, length] x [N, I, length]`, summed over `N`: `[1, O, I]`. */
const productOfRows = (a: Value, b: Value): Value => reduceSum(matMul(a, transpose(b, [0, 2, 1])), [0], true);

/**
 * Each channel several times, moved back by the shifts, with zeros where nothing is: `[N, C * shifts, length + last shift]`.
 * The zeros between the copies are as long as a shift and what is left of the longest one, so one Concat does it.
 */
function stackDelayed(x: Value, shifts: Shape): Value {
  const [batch, channels, length] = x.shape;
  const [step = 0, longest] = [shifts[1], shifts.at(-1)!];
  if (longest === 0) return x;
  const gap = expand(x.graph.scalar(0), [batch, channels, longest + step]);
  const copies = shifts.flatMap((_, index) => (index === 0 ? [x] : [gap, x]));
  return reshape(concat(copies, 2), [batch, channels * shifts.length, length + longest]);
}

/**
 * Each channel several times, moved forward by the shifts: `[N, C * shifts, length + room + one shift]`. Copies one behind
 * the other, read in rows that are a shift longer. Behind a row's own copy there is the beginning of the next.
 */
function stackAdvanced(x: Value, shifts: Shape, room: number): Value {
  const [batch, channels, length] = x.shape;
  const [step = 0] = shifts.slice(1);
  const zeros = (size: number): Value[] =>
    size === 0 ? [] : [expand(x.graph.scalar(0), [batch, channels, size])];
  const copies = shifts.flatMap(() => [x, ...zeros(room)]);
  const all = concat([...copies, ...zeros(step * shifts.length)], 2);
  return reshape(all, [batch, channels * shifts.length, length + room + step]);
}

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
