import type { SearchParameter, SearchValues } from '../search-space/search-space.ts';
import { isNumeric, unitOf } from '../search-space/unit-cube.ts';

/** What was tried and what came of it. */
export interface ScoredPoint {
  readonly values: SearchValues;
  readonly score: number;
}

/** The axis of one parameter in the unit cube. */
export interface Axis {
  readonly parameter: SearchParameter;
  /** Where a value stands; the middle for a parameter that was not active. */
  readonly placeOf: (value: number | undefined) => number;
  /** Values to be shown, in the parameter's own terms, and their places. */
  readonly shown: readonly { readonly value: number; readonly place: number }[];
}

const NUMERIC_STEPS = 33;

/**
 * The axes of parameters: numbers on their (log) scale; choices as cells of equal width in the order of their mean
 * scores, so that a tree separates good from bad ones with one cut.
 */
export function makeAxes(
  parameters: readonly SearchParameter[],
  points: readonly ScoredPoint[],
  valueAt: (parameter: SearchParameter, unit: number) => number,
): readonly Axis[] {
  return parameters.map((parameter) => {
    if (isNumeric(parameter)) {
      const shown = Array.from({ length: NUMERIC_STEPS }, (_, step) => {
        const value = valueAt(parameter, step / (NUMERIC_STEPS - 1));
        return { value, place: unitOf(parameter, value) };
      });
      // Steps of an int may fall together.
      const distinct = [...new Map(shown.map((item) => [item.value, item])).values()];
      return {
        parameter,
        placeOf: (value) => (value === undefined ? 0.5 : unitOf(parameter, value)),
        shown: distinct,
      };
    }
    const rank = rankChoices(parameter.prl, parameter.choices.length, points);
    const placeOf = (value: number | undefined): number =>
      value === undefined ? 0.5 : (rank[value]! + 0.5) / rank.length;
    return { parameter, placeOf, shown: rank.map((_, value) => ({ value, place: placeOf(value) })) };
  });
}

/** The rank of each choice by its mean score; choices that were never tried stand in the middle. */
function rankChoices(prl: string, count: number, points: readonly ScoredPoint[]): readonly number[] {
  const overall = points.reduce((sum, { score }) => sum + score, 0) / Math.max(1, points.length);
  const means = Array.from({ length: count }, (_, choice) => {
    const scores = points.filter(({ values }) => values[prl] === choice).map(({ score }) => score);
    return scores.length === 0 ? overall : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  });
  const order = means.map((_, choice) => choice).toSorted((a, b) => means[a]! - means[b]! || a - b);
  const ranks = new Array<number>(count).fill(0);
  order.forEach((choice, rank) => (ranks[choice] = rank));
  return ranks;
}
