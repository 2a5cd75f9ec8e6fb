/** Points in the unit cube, one list of coordinates each, and what came of them. */
export interface Sample {
  readonly points: readonly (readonly number[])[];
  readonly targets: readonly number[];
}

/** A leaf of a tree: the box in the unit cube for which it answers, and its answer. */
export interface Leaf {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly value: number;
}

/** A regression tree as what its leaves answer: boxes that fill the unit cube without overlapping. */
export type Tree = readonly Leaf[];

/** Deeper than any tree of real results; bounds what equal points with different results could do. */
const MAX_DEPTH = 64;

/**
 * Grows a tree on some of a sample's points (an index may come more than once), each leaf of one value: at every step the
 * cut, of all axes, that leaves the smallest sum of squares. Breiman et al. 1984, as in scikit-learn's
 * RandomForestRegressor with its defaults.
 */
export function growTree(sample: Sample, chosen: readonly number[]): Tree {
  const dimensions = sample.points[0]?.length ?? 0;
  const leaves: Leaf[] = [];
  const grow = (
    indices: readonly number[],
    low: readonly number[],
    high: readonly number[],
    depth: number,
  ): void => {
    const cut = depth === MAX_DEPTH ? undefined : findCut(sample, indices, dimensions);
    if (cut === undefined) {
      const sum = indices.reduce((total, index) => total + sample.targets[index]!, 0);
      leaves.push({ low, high, value: sum / indices.length });
      return;
    }
    const { axis, at } = cut;
    const isBelow = (index: number): boolean => sample.points[index]![axis]! <= at;
    grow(indices.filter(isBelow), low, high.with(axis, at), depth + 1);
    grow(
      indices.filter((index) => !isBelow(index)),
      low.with(axis, at),
      high,
      depth + 1,
    );
  };
  grow(chosen, new Array<number>(dimensions).fill(0), new Array<number>(dimensions).fill(1), 0);
  return leaves;
}

interface Cut {
  readonly axis: number;
  readonly at: number;
}

function findCut(
  { points, targets }: Sample,
  indices: readonly number[],
  dimensions: number,
): Cut | undefined {
  const first = targets[indices[0]!]!;
  if (indices.every((index) => targets[index] === first)) return undefined;
  const sum = indices.reduce((total, index) => total + targets[index]!, 0);
  let best: Cut | undefined;
  let bestGain = -Infinity;
  for (let axis = 0; axis < dimensions; axis++) {
    const sorted = indices.toSorted((a, b) => points[a]![axis]! - points[b]![axis]!);
    let below = 0;
    for (let count = 1; count < sorted.length; count++) {
      const here = points[sorted[count - 1]!]![axis]!;
      const next = points[sorted[count]!]![axis]!;
      below += targets[sorted[count - 1]!]!;
      if (here === next) continue;
      // The sum of squares that is left is smallest where this is largest.
      const gain = below ** 2 / count + (sum - below) ** 2 / (sorted.length - count);
      if (gain > bestGain) {
        bestGain = gain;
        best = { axis, at: (here + next) / 2 };
      }
    }
  }
  return best;
}
