import type { Shape, TensorType } from './value.ts';

/** How many numbers a tensor of this shape holds; 1 for `[]`. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

export const formatShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/** An error while building: names the operator, says what is wrong and shows the operands. */
export function graphError(operator: string, problem: string, ...operands: readonly TensorType[]): Error {
  const shown = operands.map(({ dtype, shape }) => `${dtype}${formatShape(shape)}`).join(', ');
  return new Error(`${operator}: ${problem}${shown === '' ? '' : ` (operands: ${shown})`}`);
}

/** Axis counted from the front; negative ones count from the back. Throws outside of the rank. */
export function normalizeAxis(operator: string, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || positive < 0 || positive >= rank)
    throw new Error(`${operator}: axis ${axis} is not an axis of a tensor with ${rank} axes`);
  return positive;
}

/** Axes counted from the front, ascending. Throws on one that is named twice. */
export function normalizeAxes(operator: string, axes: readonly number[], rank: number): number[] {
  const normalized = axes.map((axis) => normalizeAxis(operator, axis, rank)).sort((a, b) => a - b);
  if (new Set(normalized).size !== normalized.length)
    throw new Error(`${operator}: an axis is named twice in ${formatShape(axes)}`);
  return normalized;
}

/** Shape of an elementwise result by numpy's rule: axes are aligned at the end, a size 1 stretches. */
export function broadcastShapes(operator: string, ...operands: readonly TensorType[]): number[] {
  const rank = Math.max(...operands.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const { shape } of operands) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own !== 1 && size !== 1 && own !== size)
        throw graphError(operator, 'the shapes do not broadcast', ...operands);
      if (own !== 1) size = own;
    }
    return size;
  });
}

/** Axes with whole numbers from `from` (default 0) to before `to`. */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
