import { FaultError } from '../../common/fault.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import { validateValues } from '../../common/search-space/validate-values.ts';
import type { Recommendation } from '../controllers/controller.ts';

/**
 * Makes sure that what a controller answers can be tried: points of the space, with ids that count up. A controller is
 * often a user's own code, and a wrong value would only show in a job's training.
 *
 * @param nextId the lowest id that is new
 * @throws FaultError `controller`
 */
export function checkRecommendations(
  space: SearchSpace,
  recommendations: readonly Recommendation[],
  nextId: number,
): void {
  let lowest = nextId;
  for (const { id, values } of recommendations) {
    if (!Number.isSafeInteger(id) || id < lowest)
      throw new FaultError({
        code: 'controller',
        message: `The controller gives a recommendation the id ${id}, which is not new.`,
        allowed: `whole numbers from ${lowest} upwards`,
      });
    lowest = id + 1;
    const faults = validateValues(space, values);
    if (faults.length > 0)
      throw new FaultError(
        ...faults.map((fault) => ({
          ...fault,
          code: 'controller' as const,
          message: `The controller's recommendation ${id} is not in the search space: ${fault.message}`,
        })),
      );
  }
}
