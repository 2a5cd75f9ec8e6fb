/** Matrices here are square, row after row in one array. */

/** The lower triangle L with L Lᵀ = `matrix`, which has to be symmetric and positive definite up to rounding. */
export function factorize(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= lower[row * size + k]! * lower[column * size + k]!;
      // Two points that hardly differ can push the rest below zero by rounding.
      lower[row * size + column] =
        row === column ? Math.sqrt(Math.max(sum, 1e-10)) : sum / lower[column * size + column]!;
    }
  }
  return lower;
}

/** The solution z of L z = `right`. */
export function solveLower(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const solution = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = right[row]!;
    for (let k = 0; k < row; k++) sum -= lower[row * size + k]! * solution[k]!;
    solution[row] = sum / lower[row * size + row]!;
  }
  return solution;
}

/** The solution x of Lᵀ x = `right`. */
export function solveUpper(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    let sum = right[row]!;
    for (let k = row + 1; k < size; k++) sum -= lower[k * size + row]! * solution[k]!;
    solution[row] = sum / lower[row * size + row]!;
  }
  return solution;
}

/** Half the logarithm of the determinant of L Lᵀ. */
export function halfLogDeterminant(lower: Float64Array, size: number): number {
  let sum = 0;
  for (let row = 0; row < size; row++) sum += Math.log(lower[row * size + row]!);
  return sum;
}
