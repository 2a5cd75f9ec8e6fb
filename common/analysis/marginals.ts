import type { Leaf, Tree } from './regression-tree.ts';

/**
 * What a tree says of one or two axes when the others are averaged out over the whole cube, exactly: a sum over its
 * leaves (Hutter, Hoos, Leyton-Brown 2014, "An Efficient Approach for Assessing Hyperparameter Importance").
 */

/** Mean and variance of a tree's answers over the unit cube. */
export function momentsOf(tree: Tree): { readonly mean: number; readonly variance: number } {
  let mean = 0;
  let square = 0;
  for (const leaf of tree) {
    const volume = volumeOf(leaf);
    mean += volume * leaf.value;
    square += volume * leaf.value ** 2;
  }
  return { mean, variance: Math.max(0, square - mean ** 2) };
}

/** The variance of a tree's marginal over one axis: what that axis explains by itself. */
export function marginalVariance(tree: Tree, axis: number): number {
  const edges = [...new Set(tree.flatMap(({ low, high }) => [low[axis]!, high[axis]!]))].toSorted(
    (a, b) => a - b,
  );
  const placeOf = new Map(edges.map((edge, index) => [edge, index]));
  const changes = new Float64Array(edges.length);
  for (const leaf of tree) {
    const weight = leaf.value * volumeWithout(leaf, axis);
    changes[placeOf.get(leaf.low[axis]!)!]! += weight;
    changes[placeOf.get(leaf.high[axis]!)!]! -= weight;
  }
  let level = 0;
  let mean = 0;
  let square = 0;
  for (let index = 0; index + 1 < edges.length; index++) {
    level += changes[index]!;
    const width = edges[index + 1]! - edges[index]!;
    mean += width * level;
    square += width * level ** 2;
  }
  return Math.max(0, square - mean ** 2);
}

/** A tree's marginal at some places of one axis. */
export function marginalAt(tree: Tree, axis: number, places: readonly number[]): Float64Array {
  const means = new Float64Array(places.length);
  for (const leaf of tree) {
    const weight = leaf.value * volumeWithout(leaf, axis);
    places.forEach((place, index) => {
      if (holds(leaf, axis, place)) means[index]! += weight;
    });
  }
  return means;
}

/** A tree's marginal over two axes, `result[row * columns + column]` with the second axis in rows. */
export function marginalOfPair(
  tree: Tree,
  [axisX, axisY]: readonly [number, number],
  placesX: readonly number[],
  placesY: readonly number[],
): Float64Array {
  const means = new Float64Array(placesX.length * placesY.length);
  for (const leaf of tree) {
    const weight = leaf.value * volumeWithout(leaf, axisX, axisY);
    const columns = placesX.flatMap((place, column) => (holds(leaf, axisX, place) ? [column] : []));
    placesY.forEach((place, row) => {
      if (!holds(leaf, axisY, place)) return;
      for (const column of columns) means[row * placesX.length + column]! += weight;
    });
  }
  return means;
}

/** Lower ends belong to the leaf below, as growing a tree has it; the lowest of all to the lowest leaf. */
function holds({ low, high }: Leaf, axis: number, place: number): boolean {
  const from = low[axis]!;
  return (place > from || (from === 0 && place <= 0)) && place <= high[axis]!;
}

function volumeOf(leaf: Leaf): number {
  return volumeWithout(leaf);
}

function volumeWithout({ low, high }: Leaf, ...axes: readonly number[]): number {
  let volume = 1;
  for (let axis = 0; axis < low.length; axis++) if (!axes.includes(axis)) volume *= high[axis]! - low[axis]!;
  return volume;
}
