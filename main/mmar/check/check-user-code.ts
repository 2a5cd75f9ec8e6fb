import type { Fault } from '../../../common/fault.ts';
import {
  isComponentNode,
  type ComponentNode,
  type ConfigSection,
} from '../../../common/mmar/resolved-config.ts';
import { describeUserModule, hasUserModule } from './mmar-place.ts';

/** The components of a section that are a user's own. */
export function userComponentsOf(section: ConfigSection | undefined): readonly ComponentNode[] {
  return Object.values(section ?? {})
    .flatMap((value) => (isComponentNode(value) ? [value] : (value as readonly ComponentNode[])))
    .filter(({ path }) => path !== undefined);
}

/** Faults for components by `path` whose module is not in the MMAR's custom/. The code is not run. */
export function findMissingUserCode(
  mmarRoot: string,
  components: readonly ComponentNode[],
  file: string,
): readonly Fault[] {
  return components
    .filter(({ path }) => path !== undefined && !hasUserModule(mmarRoot, path))
    .map(({ path, name, at }) => ({
      code: 'user-code',
      file,
      path: [...at, 'path'],
      component: name,
      message: `The module of "${path}" is not there.`,
      allowed: `${describeUserModule(path!)} (JavaScript or TypeScript; Python cannot run here)`,
    }));
}
