import {
  concat,
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
    const product = isThin(x, dy, phases.shape[0]) ? productOfStacks : productPerTap;
    return [
      reshape(product(flat, flattenGradient(dy, plan), plan), [dy.shape[1], x.shape[1], ...geometry.kernel]),
    ];
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

/** One matrix product per kernel position, `[O, length] x [length, I]`. Gives `[O, I, positions]`. */
function productPerTap(flat: Value, dy: Value, { perAxis, strides, grid, length }: FlatPlan): Value {
  const [batch, filters] = dy.shape;
  const products = combine(perAxis).map((tap) => {
    const seen = seenFrom(flat, tap, strides, grid, length);
    return reshape(matMul(dy, transpose(seen, [0, 2, 1])), [batch, filters, flat.shape[2], 1]);
  });
  return reduceSum(concat(products, 3), [0]);
}

/**
 * One product for many kernel positions: shifts along the leading axes are made on the side of the gradient, the others on
 * the side of the image, so that few copies do for many positions. A stride leaves all shifts to the image. Positions on
 * the first axis take turns, which costs a tenth of the time and spares two thirds of the copies' memory. Gives
 * `[O, I, positions]`.
 */
function productOfStacks(flat: Value, dy: Value, plan: FlatPlan): Value {
  const { perAxis, strides, grid, length } = plan;
  const [phases, , channels] = flat.shape;
  const filters = dy.shape[1];
  const leading = phases === 1 ? cheapestSplit(perAxis, channels, filters) : 0;
  const still: Tap = { phase: 0, shift: 0 };
  const [ofGradient, ofImage] = [true, false].map((isGradient) =>
    perAxis.map((taps, axis) => (axis < leading === isGradient ? taps : [still])),
  );
  const room = Math.max(...combine(ofGradient).map((tap) => offsetOf(tap, grid)));
  const span = length + room;
  const wide = pad(dy, { before: [0, 0, room], after: [0, 0, room] });
  const rowsOf = (taps: readonly (readonly Tap[])[]): Value =>
    concat(
      combine(taps).map((tap) => pieceOf(wide, 2, room - offsetOf(tap, grid), span)),
      1,
    );
  const columnsOf = (taps: readonly (readonly Tap[])[]): Value =>
    concat(
      combine(taps).map((tap) => seenFrom(flat, tap, strides, grid, span)),
      1,
    );

  const products = perAxis[0].map((first) => {
    const rows = rowsOf(leading > 0 ? ofGradient.with(0, [first]) : ofGradient);
    const columns = columnsOf(leading > 0 ? ofImage : ofImage.with(0, [first]));
    const product = reduceSum(matMul(rows, transpose(columns, [0, 2, 1])), [0]);
    return reshape(product, [1, rows.shape[1] / filters, filters, columns.shape[1] / channels, channels]);
  });
  const [, ofRows, , ofColumns] = products[0].shape;
  const all = transpose(concat(products, 0), [2, 4, 0, 1, 3]);
  return reshape(all, [filters, channels, products.length * ofRows * ofColumns]);
}

/** How many leading axes the gradient takes, so that the fewest channels are copied. */
function cheapestSplit(perAxis: FlatPlan['perAxis'], channels: number, filters: number): number {
  const positions = perAxis.map((taps) => taps.length);
  const cost = (split: number): number =>
    sizeOf(positions.slice(0, split)) * filters + sizeOf(positions.slice(split)) * channels;
  return range(0, positions.length + 1).reduce(
    (best, split) => (cost(split) <= cost(best) ? split : best),
    0,
  );
}

/** What a kernel position sees, as `[N, I, length]`. */
function seenFrom(flat: Value, tap: readonly Tap[], strides: Shape, grid: Shape, length: number): Value {
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
