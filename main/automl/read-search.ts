import { resolve } from 'node:path';
import { findArgumentNames } from '../../common/components/catalogue.ts';
import { FaultError, unwrap, type Fault } from '../../common/fault.ts';
import { checkComponents } from '../../common/mmar/check-components.ts';
import { resolveTrainConfig } from '../../common/mmar/resolve-train-config.ts';
import { collectVariables } from '../../common/mmar/variables.ts';
import { makeConcrete } from '../../common/search-space/make-concrete.ts';
import { readSearchSpace, type BoundSearchSpace } from '../../common/search-space/read-search-space.ts';
import { clampToSpace } from '../../common/search-space/validate-values.ts';
import { findOverridden } from '../../common/search-space/find-overridden.ts';
import type { SearchedMmar } from './searched-mmar.ts';

/**
 * The search space of an MMAR's train config. For our own trainer the config of a first point is checked as well, so
 * that a search never begins with jobs that cannot train.
 *
 * @throws FaultError with everything that is wrong
 */
export function readSearchSpaceOf(mmar: SearchedMmar, isForOwnTrainer: boolean): BoundSearchSpace {
  const { trainConfig, environment, root, trainConfigFile: file } = mmar;
  const variables = collectVariables({
    config: trainConfig,
    environment,
    overrides: {},
    mmarRoot: root,
    joinPath: resolve,
  });
  const knownArguments = isForOwnTrainer ? { knownArguments: findArgumentNames } : {};
  const space = unwrap(readSearchSpace(trainConfig, { file, variables, ...knownArguments }));
  const faults = [
    ...findOverridden(space, environment, file),
    ...(isForOwnTrainer ? checkFirstPoint(mmar, space) : []),
  ];
  if (faults.length > 0) throw new FaultError(...faults);
  return space;
}

function checkFirstPoint(mmar: SearchedMmar, space: BoundSearchSpace): readonly Fault[] {
  const { trainConfig, trainConfigFile: file, environment, root } = mmar;
  const point = clampToSpace(space, {});
  const { config } = makeConcrete(trainConfig, space, point, { removeSearchAugs: false });
  const resolved = resolveTrainConfig({ config, file, environment, mmarRoot: root, joinPath: resolve });
  if (!resolved.ok) return resolved.faults;
  const { train, validate } = resolved.value;
  return [
    ...checkComponents(train, file),
    ...(validate === undefined ? [] : checkComponents(validate, file)),
  ];
}
