import type { Fault } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import type { BoundSearchSpace } from './read-search-space.ts';

/** environment.json wins over the config's first level, so a searched value would silently be lost there. */
export function findOverridden(
  space: BoundSearchSpace,
  environment: JsonObject,
  trainConfigFile: string,
): readonly Fault[] {
  return space.bindings
    .filter(({ path }) => path.length === 1 && Object.hasOwn(environment, path[0]!))
    .map(({ path, prl }) => ({
      code: 'search-target',
      file: 'config/environment.json',
      path,
      message: `This value would override the one that ${trainConfigFile} searches (${prl}).`,
      allowed: 'only one of the two',
    }));
}
