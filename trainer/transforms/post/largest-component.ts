import { stridesOf } from '../../data/tensor.ts';

/**
 * Marks (with 1) the largest connected piece of what is 1 in `mask`; of equal ones the one whose first voxel comes first in C
 * order. `connectivity` 1 joins voxels by faces, 2 by edges too, 3 by corners too.
 */
export function findLargestComponent(
  mask: Uint8Array,
  shape: readonly number[],
  connectivity: number,
): Uint8Array {
  const neighbours = listNeighbours(shape, connectivity);
  const pieceOf = new Int32Array(mask.length);
  const queue = new Int32Array(mask.length);
  let pieces = 0;
  let largest = 0;
  let largestSize = 0;
  for (let seed = 0; seed < mask.length; seed++) {
    if (mask[seed] === 0 || pieceOf[seed] !== 0) continue;
    const size = fillPiece(seed, ++pieces, { mask, pieceOf, queue, shape, neighbours });
    if (size > largestSize) [largest, largestSize] = [pieces, size];
  }
  return largest === 0
    ? new Uint8Array(mask.length)
    : Uint8Array.from(pieceOf, (piece) => (piece === largest ? 1 : 0));
}

interface Neighbour {
  readonly offset: readonly number[];
  /** The same in positions. */
  readonly step: number;
}

function listNeighbours(shape: readonly number[], connectivity: number): readonly Neighbour[] {
  const strides = stridesOf(shape);
  let offsets: number[][] = [[]];
  for (let axis = 0; axis < shape.length; axis++) {
    offsets = offsets.flatMap((offset) => [-1, 0, 1].map((step) => [...offset, step]));
  }
  return offsets
    .filter((offset) => {
      const moved = offset.filter((step) => step !== 0).length;
      return moved > 0 && moved <= connectivity;
    })
    .map((offset) => ({ offset, step: offset.reduce((sum, step, axis) => sum + step * strides[axis], 0) }));
}

interface Search {
  readonly mask: Uint8Array;
  readonly pieceOf: Int32Array;
  readonly queue: Int32Array;
  readonly shape: readonly number[];
  readonly neighbours: readonly Neighbour[];
}

/** Gives everything that hangs together with `seed` the number `piece`; says how many voxels that are. */
function fillPiece(seed: number, piece: number, search: Search): number {
  const { mask, pieceOf, queue, shape, neighbours } = search;
  const place = new Array<number>(shape.length);
  pieceOf[seed] = piece;
  queue[0] = seed;
  let end = 1;
  for (let next = 0; next < end; next++) {
    let rest = queue[next];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = rest % shape[axis];
      rest = (rest - place[axis]) / shape[axis];
    }
    for (const { offset, step } of neighbours) {
      const other = queue[next] + step;
      if (!isInside(place, offset, shape) || mask[other] === 0 || pieceOf[other] !== 0) continue;
      pieceOf[other] = piece;
      queue[end++] = other;
    }
  }
  return end;
}

function isInside(place: readonly number[], offset: readonly number[], shape: readonly number[]): boolean {
  for (let axis = 0; axis < shape.length; axis++) {
    const moved = place[axis] + offset[axis];
    if (moved < 0 || moved >= shape[axis]) return false;
  }
  return true;
}
