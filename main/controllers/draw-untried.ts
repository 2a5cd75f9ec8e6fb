import { enumeratePoints } from '../../common/search-space/enumerate-points.ts';
import type { SearchSpace, SearchValues } from '../../common/search-space/search-space.ts';

/** How often a point that was tried before is drawn again, before all points are gone through. */
const MOST_DRAWS = 200;

/**
 * A drawn point that was not tried before; undefined when every point was. Where drawing keeps giving points that were
 * tried, the first untried one is taken.
 */
export function drawUntried(
  space: SearchSpace,
  draw: () => SearchValues,
  isTried: (values: SearchValues) => boolean,
): SearchValues | undefined {
  for (let attempt = 0; attempt < MOST_DRAWS; attempt++) {
    const values = draw();
    if (!isTried(values)) return values;
  }
  if (space.parameters.some(({ type }) => type === 'float')) return draw();
  for (const values of enumeratePoints(space)) if (!isTried(values)) return values;
  return undefined;
}
