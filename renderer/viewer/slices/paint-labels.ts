import type { VoxelArray } from '../../../common/imaging/voxel-array.ts';

/** Colours by label, one 32-bit pixel each (alpha, blue, green, red from the high bits on little-endian machines); 0 is unseen. */
export type LabelColours = Uint32Array;

/** A colour as a pixel of a canvas. */
export const packColour = ([red, green, blue]: readonly number[], alpha = 255): number =>
  ((alpha << 24) | (blue! << 16) | (green! << 8) | red!) >>> 0;

/** Writes a slice of labels as pixels; labels beyond the table have none. */
export function paintLabels(labels: VoxelArray, colours: LabelColours, pixels: Uint32Array): void {
  const count = colours.length;
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at]!;
    pixels[at] = label > 0 && label < count ? colours[label]! : 0;
  }
}

/**
 * The edges between voxels of a label and others, as lines `[x0, y0, x1, y1, ...]` in voxels of the slice from its upper left
 * corner: neighbouring edges of one row or column are joined. Lines by label.
 */
export function traceOutlines(
  labels: VoxelArray,
  columns: number,
  rows: number,
): ReadonlyMap<number, readonly number[]> {
  const lines = new Map<number, number[]>();
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= columns || row >= rows ? 0 : labels[row * columns + column]!;
  const add = (label: number, line: readonly number[]): void => {
    const known = lines.get(label);
    if (known === undefined) lines.set(label, [...line]);
    else known.push(...line);
  };
  for (let row = 0; row <= rows; row++)
    traceEdge(
      columns,
      (column) => [at(column, row - 1), at(column, row)],
      (label, from, to) => add(label, [from, row, to, row]),
    );
  for (let column = 0; column <= columns; column++)
    traceEdge(
      rows,
      (row) => [at(column - 1, row), at(column, row)],
      (label, from, to) => add(label, [column, from, column, to]),
    );
  return lines;
}

/** Joins the edges along one line between voxels; both labels at an edge get it. */
function traceEdge(
  length: number,
  sidesAt: (position: number) => readonly [number, number],
  found: (label: number, from: number, to: number) => void,
): void {
  let start = 0;
  let open: readonly [number, number] = [0, 0];
  for (let position = 0; position <= length; position++) {
    const sides: readonly [number, number] = position < length ? sidesAt(position) : [0, 0];
    if (sides[0] === open[0] && sides[1] === open[1]) continue;
    if (open[0] !== open[1]) {
      for (const label of open) if (label > 0) found(label, start, position);
    }
    start = position;
    open = sides;
  }
}
