import { countLevels, discreteLevels } from '../../../common/search-space/enumerate-points.ts';
import { chooseDefault } from '../../../common/search-space/draw-point.ts';
import type { SearchParameter } from '../../../common/search-space/search-space.ts';
import { isNumeric, unitOf, valueAt, type NumericParameter } from '../../../common/search-space/unit-cube.ts';

/**
 * The values of a parameter that the grid tries, in an order that spreads: first the one nearest to what the config
 * holds now (else to the middle), then always the one that is farthest from those before it.
 *
 * All choices of an enum or bool, all values of an int that has no more than `count`; else the middles of `count` equal
 * parts of the range.
 */
export function spreadLevels(parameter: SearchParameter, count: number): readonly number[] {
  const start = chooseDefault(parameter, {});
  if (isNumeric(parameter)) return orderBySpread(numericLevels(parameter, count), parameter, start);
  return [start, ...parameter.choices.flatMap((_, index) => (index === start ? [] : [index]))];
}

function numericLevels(parameter: NumericParameter, count: number): readonly number[] {
  if (countLevels(parameter) <= count) return discreteLevels(parameter)!;
  const values = Array.from({ length: count }, (_, level) => valueAt(parameter, (level + 0.5) / count));
  return [...new Set(values)];
}

function orderBySpread(
  levels: readonly number[],
  parameter: NumericParameter,
  start: number,
): readonly number[] {
  const positions = levels.map((value) => unitOf(parameter, value));
  const distances = (from: number): readonly number[] =>
    positions.map((position) => Math.abs(position - from));
  const toStart = distances(unitOf(parameter, start));
  const order = [toStart.indexOf(Math.min(...toStart))];
  // How far each level is from the nearest one taken; a level that is taken is at 0 and never comes again.
  let gaps = distances(positions[order[0]!]!);
  while (order.length < levels.length) {
    const farthest = gaps.indexOf(Math.max(...gaps));
    order.push(farthest);
    const toFarthest = distances(positions[farthest]!);
    gaps = gaps.map((gap, index) => Math.min(gap, toFarthest[index]!));
  }
  return order.map((index) => levels[index]!);
}
