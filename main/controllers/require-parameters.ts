import { FaultError } from '../../common/fault.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';

/** Throws the fault `search-empty` for a space in which there is nothing to search. */
export function requireParameters(space: SearchSpace): void {
  if (space.parameters.length > 0) return;
  throw new FaultError({
    code: 'search-empty',
    message: 'Nothing is searched.',
    allowed: 'at least one search item in the train config',
  });
}
