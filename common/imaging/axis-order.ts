/**
 * Reorders `values` of the given sizes from the file's order (first axis fastest, Fortran order) to C order (last axis
 * fastest). Index (x, y, z ...) means the same voxel in both.
 */
export function toRowMajor(values: Float32Array, shape: readonly number[]): Float32Array {
  return transposeAll(values, shape, new Float32Array(values.length));
}

/** The way back: from C order to the file's order. */
export function toColumnMajor<Values extends Float32Array | Uint8Array | Int16Array>(
  values: Values,
  shape: readonly number[],
  target: Values,
): Values {
  return transposeAll(values, [...shape].reverse(), target);
}

/** Edge of the square that is moved at a time, so that both sides stay in the processor's cache. */
const TILE = 32;

/**
 * Reverses the order of all axes: sizes (a, b, c), first axis fastest, to last axis fastest. The outermost and the innermost
 * axis are exchanged tile by tile; the axes between are walked one position at a time.
 */
function transposeAll<Values extends Float32Array | Uint8Array | Int16Array>(
  source: Values,
  shape: readonly number[],
  target: Values,
): Values {
  const inner = shape[0] ?? 1;
  const outer = shape.length > 1 ? shape[shape.length - 1]! : 1;
  const middle = shape.slice(1, -1);
  const middleCount = middle.reduce((product, size) => product * size, 1);
  const targetOuterStep = 1;
  const targetInnerStep = middleCount * outer;
  const sourceOuterStep = inner * middleCount;
  for (let position = 0; position < middleCount; position++) {
    const sourceStart = position * inner;
    const targetStart = reversePosition(position, middle) * outer;
    for (let outerTile = 0; outerTile < outer; outerTile += TILE) {
      const outerEnd = Math.min(outerTile + TILE, outer);
      for (let innerTile = 0; innerTile < inner; innerTile += TILE) {
        const innerEnd = Math.min(innerTile + TILE, inner);
        for (let i = innerTile; i < innerEnd; i++) {
          let from = sourceStart + i + outerTile * sourceOuterStep;
          let to = targetStart + i * targetInnerStep + outerTile;
          for (let o = outerTile; o < outerEnd; o++) {
            target[to] = source[from]!;
            from += sourceOuterStep;
            to += targetOuterStep;
          }
        }
      }
    }
  }
  return target;
}

/** The C-order position of the index that has `position` with the first axis fastest. */
function reversePosition(position: number, shape: readonly number[]): number {
  let rest = position;
  let reversed = 0;
  for (const size of shape) {
    reversed = reversed * size + (rest % size);
    rest = Math.floor(rest / size);
  }
  return reversed;
}
