import { readInt, readInts, type Attributes } from '../attribute.ts';
import { graphError, range } from '../shape.ts';
import type { Shape, Value } from '../value.ts';

/** How a kernel moves over an image, per spatial axis. */
export interface ConvolutionGeometry {
  readonly kernel: Shape;
  readonly strides: Shape;
  /** Zeros added before the first voxel of each axis. */
  readonly padsBefore: Shape;
  /** Zeros added behind the last voxel of each axis. */
  readonly padsAfter: Shape;
  readonly dilations: Shape;
  /** Channels are split into this many groups that do not see each other. */
  readonly group: number;
}

/** Settings of a convolution. A single number holds for every spatial axis. */
export interface ConvolutionOptions {
  /** Default 1. */
  readonly strides?: number | Shape;
  /** Zeros per axis on both sides, or `[before..., after...]` as ONNX has it. Default 0. */
  readonly pads?: number | Shape;
  /** Default 1. */
  readonly dilations?: number | Shape;
  /** Default 1. */
  readonly group?: number;
}

/** The settings with every default filled in, checked against the image and the kernel. */
export function resolveGeometry(
  operator: string,
  x: Value,
  w: Value,
  { strides = 1, pads = 0, dilations = 1, group = 1 }: ConvolutionOptions,
): ConvolutionGeometry {
  const rank = x.shape.length - 2;
  if (rank < 1 || w.shape.length !== x.shape.length)
    throw graphError(
      operator,
      'image and kernel must be [batch, channels, ...] and [channels, channels, ...]',
      x,
      w,
    );
  const perAxis = (setting: number | Shape, name: string, smallest: number): number[] => {
    const values = typeof setting === 'number' ? range(0, rank).map(() => setting) : [...setting];
    if (values.length !== rank || !values.every((value) => Number.isInteger(value) && value >= smallest))
      throw graphError(
        operator,
        `${name} must be ${rank} whole numbers of at least ${smallest}, not [${values}]`,
        x,
        w,
      );
    return values;
  };
  const bothSides = typeof pads === 'number' || pads.length === rank;
  return {
    kernel: w.shape.slice(2),
    strides: perAxis(strides, 'strides', 1),
    padsBefore: perAxis(bothSides ? pads : pads.slice(0, rank), 'pads', 0),
    padsAfter: perAxis(bothSides ? pads : pads.slice(rank), 'pads', 0),
    dilations: perAxis(dilations, 'dilations', 1),
    group,
  };
}

/** Voxels that the kernel spans on an axis, the gaps of its dilation included. */
export const kernelExtent = ({ kernel, dilations }: ConvolutionGeometry, axis: number): number =>
  (kernel[axis] - 1) * dilations[axis] + 1;

/** The geometry that a Conv or ConvTranspose node was built with. */
export function readGeometry(attributes: Attributes): ConvolutionGeometry {
  const pads = readInts(attributes, 'pads');
  return {
    kernel: readInts(attributes, 'kernel_shape'),
    strides: readInts(attributes, 'strides'),
    padsBefore: pads.slice(0, pads.length / 2),
    padsAfter: pads.slice(pads.length / 2),
    dilations: readInts(attributes, 'dilations'),
    group: readInt(attributes, 'group'),
  };
}
