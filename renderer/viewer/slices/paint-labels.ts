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
  traceRows(labels, columns, rows, lines);
  traceColumns(labels, columns, rows, lines);
  return lines;
}

type Lines = Map<number, number[]>;

function addLine(lines: Lines, label: number, x0: number, y0: number, x1: number, y1: number): void {
  if (!(label > 0)) return;
  const known = lines.get(label);
  if (known === undefined) lines.set(label, [x0, y0, x1, y1]);
  else known.push(x0, y0, x1, y1);
}

/** Edges that run across, between a row and the one above it. Written out, since it runs over every voxel of every frame. */
function traceRows(labels: VoxelArray, columns: number, rows: number, lines: Lines): void {
  for (let row = 0; row <= rows; row++) {
    const [above, below] = [(row - 1) * columns, row * columns];
    let start = 0;
    let [upper, lower] = [0, 0];
    for (let column = 0; column <= columns; column++) {
      const isInside = column < columns;
      const up = isInside && row > 0 ? labels[above + column]! : 0;
      const low = isInside && row < rows ? labels[below + column]! : 0;
      if (up === upper && low === lower) continue;
      if (upper !== lower) {
        addLine(lines, upper, start, row, column, row);
        addLine(lines, lower, start, row, column, row);
      }
      start = column;
      upper = up;
      lower = low;
    }
  }
}

/** Edges that run down, between a column and the one left of it. */
function traceColumns(labels: VoxelArray, columns: number, rows: number, lines: Lines): void {
  // Row by row, as the voxels lie in memory: an edge of the row before goes on, or ends.
  const open = new Int32Array(columns + 1).fill(-1);
  const [lefts, rights] = [new Float64Array(columns + 1), new Float64Array(columns + 1)];
  for (let row = 0; row <= rows; row++) {
    const at = row * columns;
    let left = 0;
    for (let column = 0; column <= columns; column++) {
      const right = row < rows && column < columns ? labels[at + column]! : 0;
      const start = open[column]!;
      if (start !== -1 && (lefts[column] !== left || rights[column] !== right)) {
        addLine(lines, lefts[column]!, column, start, column, row);
        addLine(lines, rights[column]!, column, start, column, row);
        open[column] = -1;
      }
      if (left !== right && open[column] === -1) {
        open[column] = row;
        lefts[column] = left;
        rights[column] = right;
      }
      left = right;
    }
  }
}
