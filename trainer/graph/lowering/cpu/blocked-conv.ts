import { int, ints, type Attributes } from '../../attribute.ts';
import {
  multiply,
  pad,
  readGeometry,
  reshape,
  slice,
  transpose,
  type ConvolutionGeometry,
} from '../../ops/index.ts';
import { range } from '../../shape.ts';
import type { Shape, Value } from '../../value.ts';
import type { LoweringRule } from '../lowering-rule.ts';

/** ONNX Runtime's operators for images whose channels lie in blocks: `[N, C / block, ..., block]` in memory. */
const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/** Positions whose kernel reaches over the end of a plane are computed one by one; at most this part may be such. */
const LARGEST_BORDER = 0.25;

/**
 * A convolution without stride by ONNX Runtime's direct kernels for blocked channels, in place of columns and a matrix
 * product: 60 to 80 GFLOP/s on a core where Conv reaches 40 to 60 (`bench/train-step`, Conv of the operator table).
 *
 * Those kernels are two-dimensional, so the last two axes become one, `[N, C, D, H * W]`: a row of the kernel is then a
 * dilation of `W`, and each position along the kernel's last axis is a convolution of its own, moved by its padding and
 * added to the others. To the left of a row's first voxel it would see the last one of the row before, so a position that
 * looks left gets an image whose last column is zero; likewise to the right.
 *
 * @param block channels per block of this machine's kernels
 */
export const blockedConvLowering = (block: number): LoweringRule => ({
  opType: 'Conv',
  lower: ({ inputs: [x, w, b], outputs: [y], attributes }) => {
    const plan = planPlanes(readGeometry(attributes), x.shape, y.shape);
    const fits = x.shape[1] % block === 0 && w.shape[0] % block === 0;
    if (!fits || plan === undefined) return undefined;
    const image = reorderInput(reshape(x, plan.image));
    const sum = plan.columns.reduce<Value | undefined>((before, column) => {
      const kernel = kernelColumn(w, column.at, plan, block);
      return convolve(seenAside(image, column, plan, block), kernel, b, before, column.pads, plan);
    }, undefined)!;
    return [reshape(reorderOutput(sum), y.shape)];
  },
});

interface PlanePlan {
  /** `[N, C, D, H * W]` before and after. */
  readonly image: Shape;
  readonly result: Shape;
  readonly width: number;
  /** Kernel along depth and height, with its dilations in the flattened planes. */
  readonly kernel: Shape;
  readonly dilations: Shape;
  readonly columns: readonly Column[];
}

/** A position along the kernel's last axis. */
interface Column {
  readonly at: number;
  /** How far to the right (to the left if negative) of its own voxel it looks. */
  readonly shift: number;
  /** True where the image is moved, since no padding can move the kernel. */
  readonly movesImage: boolean;
  readonly pads: Shape;
}

/** Undefined where the planes would not keep their width, or where flattening does not pay. */
function planPlanes(geometry: ConvolutionGeometry, image: Shape, result: Shape): PlanePlan | undefined {
  const { strides, group } = geometry;
  const axes = strides.length;
  if (axes < 2 || axes > 3 || group !== 1 || strides.some((stride) => stride !== 1)) return undefined;
  // A slice is a volume of depth 1.
  const inDepth = (perAxis: Shape, otherwise: number): Shape =>
    axes === 3 ? perAxis : [otherwise, ...perAxis];
  const [batch, channels, ...size] = image;
  const [imageDepth, height, width] = inDepth(size, 1);
  const [depth, resultHeight, resultWidth] = inDepth(result.slice(2), 1);
  const kernel = inDepth(geometry.kernel, 1);
  const dilations = inDepth(geometry.dilations, 1);
  const [front, top, left] = inDepth(geometry.padsBefore, 0);
  const [back, bottom] = inDepth(geometry.padsAfter, 0);
  const columns = range(0, kernel[2]).map((at) => {
    const shift = at * dilations[2] - left;
    const movesImage = top * width < shift || bottom * width < -shift;
    const byPadding = movesImage ? 0 : shift;
    return {
      at,
      shift,
      movesImage,
      pads: [front, top * width - byPadding, back, bottom * width + byPadding],
    };
  });
  const reach = Math.max(...columns.map(({ shift }) => Math.abs(shift)));
  if (resultWidth !== width || reach >= width || (top + bottom) / resultHeight > LARGEST_BORDER)
    return undefined;
  return {
    image: [batch, channels, imageDepth, height * width],
    result: [result[0], result[1], depth, resultHeight * width],
    width,
    kernel: kernel.slice(0, 2),
    dilations: [dilations[0], dilations[1] * width],
    columns,
  };
}

/** The image as a position sees it that looks aside: zeros where it would see another row. */
function seenAside(
  image: Value,
  { shift, movesImage }: Column,
  { width, ...plan }: PlanePlan,
  block: number,
): Value {
  if (shift === 0) return image;
  const [batch, channels, depth, area] = plan.image;
  const rows = reshape(image, [(batch * channels * depth * area) / (width * block), width * block]);
  const gap = Math.abs(shift) * block;
  const [before, after] = shift > 0 ? [0, gap] : [gap, 0];
  if (movesImage) {
    const seen = slice(rows, { axes: [1], starts: [after], ends: [width * block - before] });
    return reshape(pad(seen, { before: [0, before], after: [0, after] }), plan.image);
  }
  const mask = new Float32Array(width * block).fill(1);
  mask.fill(0, ...(shift > 0 ? [0, gap] : [width * block - gap]));
  return reshape(multiply(rows, image.graph.constant(mask, [width * block])), plan.image);
}

/** One position along the kernel's last axis, as the blocked kernels take it: `[O / block, I / block, D, H, block, block]`. */
function kernelColumn(w: Value, at: number, { kernel }: PlanePlan, block: number): Value {
  const [filters, channels] = w.shape;
  const width = w.shape.at(-1)!;
  const blocks = reshape(w, [filters / block, block, channels / block, block, ...kernel, width]);
  const columns = transpose(blocks, [6, 0, 2, 4, 5, 3, 1]);
  const column = slice(columns, { starts: [at], ends: [at + 1] });
  return reshape(column, [filters, channels, ...kernel]);
}

/** The convolution of planes, plus `before`; the bias counts where there is nothing before. */
function convolve(
  image: Value,
  w: Value,
  bias: Value | undefined,
  before: Value | undefined,
  pads: Shape,
  { kernel, dilations, result }: PlanePlan,
): Value {
  const attributes = {
    kernel_shape: ints(kernel),
    dilations: ints(dilations),
    pads: ints(pads),
    strides: ints([1, 1]),
    group: int(1),
  };
  const inputs = before === undefined ? [image, w, bias] : [image, w, undefined, before];
  const type = { dtype: image.dtype, shape: result };
  return image.graph.node('Conv', inputs, attributes, [type], BLOCKED_DOMAIN)[0];
}

/** `[N, C, D, H * W]` with blocked channels; the shape stays, what lies in memory does not. */
export const reorderInput = (x: Value): Value => reorder('ReorderInput', x, {});

const reorderOutput = (x: Value): Value => reorder('ReorderOutput', x, { channels: int(x.shape[1]) });

const reorder = (opType: string, x: Value, attributes: Attributes): Value =>
  x.graph.node(opType, [x], { channels_last: int(0), ...attributes }, [x], BLOCKED_DOMAIN)[0];
