import { makeSeededRandom } from '../random/seeded-random.ts';
import type { SearchParameter } from '../search-space/search-space.ts';
import { isNumeric, valueAt } from '../search-space/unit-cube.ts';
import { marginalAt, marginalOfPair, marginalVariance, momentsOf } from './marginals.ts';
import { growTree, type Tree } from './regression-tree.ts';
import { makeAxes, type Axis, type ScoredPoint } from './score-points.ts';

/** Fewer scores say nothing about parameters. */
export const LEAST_POINTS = 8;
/** More points than this are drawn from: the answer hardly changes, the time does. */
const MOST_POINTS = 1000;
const TREES = 48;

/** How much one parameter had to do with the scores. */
export interface ParameterImportance {
  readonly prl: string;
  /** All of them add up to 1. */
  readonly importance: number;
  /** Standard deviation over the trees. */
  readonly spread: number;
}

/** A random forest over the scores of a search: which parameters mattered, and which values were good. */
export class ScoreForest {
  readonly #axes: readonly Axis[];
  readonly #trees: readonly Tree[];

  private constructor(axes: readonly Axis[], trees: readonly Tree[]) {
    this.#axes = axes;
    this.#trees = trees;
  }

  /**
   * Grows the forest tree by tree, so that whoever calls can do something else in between; the last value is the forest.
   * The same points give the same forest.
   */
  static *grow(
    parameters: readonly SearchParameter[],
    points: readonly ScoredPoint[],
  ): Generator<undefined, ScoreForest> {
    const random = makeSeededRandom(1);
    const used = points.length <= MOST_POINTS ? points : random.shuffle(points).slice(0, MOST_POINTS);
    const axes = makeAxes(parameters, used, (parameter, unit) =>
      isNumeric(parameter) ? valueAt(parameter, unit) : 0,
    );
    const sample = {
      points: used.map(({ values }) => axes.map(({ parameter, placeOf }) => placeOf(values[parameter.prl]))),
      targets: used.map(({ score }) => score),
    };
    const trees: Tree[] = [];
    while (trees.length < TREES) {
      const chosen = used.map(() => random.integer(used.length));
      trees.push(growTree(sample, chosen));
      yield undefined;
    }
    return new ScoreForest(axes, trees);
  }

  /** {@link grow} in one go. */
  static of(parameters: readonly SearchParameter[], points: readonly ScoredPoint[]): ScoreForest {
    const growing = ScoreForest.grow(parameters, points);
    for (;;) {
      const step = growing.next();
      if (step.done === true) return step.value;
    }
  }

  /** fANOVA's importance of each parameter by itself, largest first. */
  importance(): readonly ParameterImportance[] {
    const shares = this.#trees
      .map((tree) => ({ tree, total: momentsOf(tree).variance }))
      .filter(({ total }) => total > 0)
      .map(({ tree, total }) => this.#axes.map((_, axis) => marginalVariance(tree, axis) / total));
    const means = this.#axes.map((_, axis) => meanOf(shares.map((share) => share[axis]!)));
    const sum = means.reduce((total, mean) => total + mean, 0);
    if (sum === 0)
      return this.#axes.map(({ parameter }) => ({ prl: parameter.prl, importance: 0, spread: 0 }));
    return this.#axes
      .map(({ parameter }, axis) => ({
        prl: parameter.prl,
        importance: means[axis]! / sum,
        spread: deviationOf(shares.map((share) => share[axis]!)) / sum,
      }))
      .toSorted((a, b) => b.importance - a.importance);
  }

  /** The expected score along one parameter, the others averaged out; undefined for one that is not in the space. */
  marginal(
    prl: string,
  ):
    | { readonly x: readonly number[]; readonly mean: readonly number[]; readonly spread: readonly number[] }
    | undefined {
    const axis = this.#find(prl);
    if (axis < 0) return undefined;
    const { shown } = this.#axes[axis]!;
    const places = shown.map(({ place }) => place);
    const answers = this.#trees.map((tree) => marginalAt(tree, axis, places));
    const at = (index: number): number[] => answers.map((answer) => answer[index]!);
    return {
      x: shown.map(({ value }) => value),
      mean: shown.map((_, index) => meanOf(at(index))),
      spread: shown.map((_, index) => deviationOf(at(index))),
    };
  }

  /** The expected score over two parameters: one row per y. Undefined when one is not in the space. */
  contour(
    prlX: string,
    prlY: string,
  ):
    | { readonly x: readonly number[]; readonly y: readonly number[]; readonly mean: readonly number[] }
    | undefined {
    const [axisX, axisY] = [this.#find(prlX), this.#find(prlY)];
    if (axisX < 0 || axisY < 0 || axisX === axisY) return undefined;
    const [shownX, shownY] = [this.#axes[axisX]!.shown, this.#axes[axisY]!.shown];
    const places = [shownX, shownY].map((shown) => shown.map(({ place }) => place));
    const sum = new Float64Array(shownX.length * shownY.length);
    for (const tree of this.#trees)
      marginalOfPair(tree, [axisX, axisY], places[0]!, places[1]!).forEach((mean, index) => {
        sum[index]! += mean;
      });
    return {
      x: shownX.map(({ value }) => value),
      y: shownY.map(({ value }) => value),
      mean: [...sum].map((total) => total / this.#trees.length),
    };
  }

  #find(prl: string): number {
    return this.#axes.findIndex(({ parameter }) => parameter.prl === prl);
  }
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}
