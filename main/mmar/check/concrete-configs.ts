import { findArgumentNames } from '../../../common/components/catalogue.ts';
import type { Fault } from '../../../common/fault.ts';
import type { JsonObject } from '../../../common/json.ts';
import { makeConcrete } from '../../../common/search-space/make-concrete.ts';
import { readSearchSpace } from '../../../common/search-space/read-search-space.ts';
import type { ConcreteSearchValue } from '../../../common/search-space/search-space.ts';
import { findOverridden } from '../../../common/search-space/find-overridden.ts';
import { representativePoints } from './representative-points.ts';

/** A train config as a job would get it. */
export interface ConcreteConfig {
  readonly config: JsonObject;
  /** What was chosen, in words; undefined for the config as it stands and for the base of the search. */
  readonly choice?: string;
}

/**
 * The configs that the jobs of a search would train, as many as it takes to have tried every choice. A config whose
 * search section is wrong comes back as it stands, with the faults.
 */
export function concreteConfigs(
  config: JsonObject,
  file: string,
  environment: JsonObject,
): { readonly configs: readonly ConcreteConfig[]; readonly faults: readonly Fault[] } {
  const space = readSearchSpace(config, { file, variables: environment, knownArguments: findArgumentNames });
  if (!space.ok) return { configs: [{ config }], faults: space.faults };
  const configs = representativePoints(space.value).map(({ values, tried }, index) => {
    const { config: job, concrete } = makeConcrete(config, space.value, values, { removeSearchAugs: true });
    return index === 0 ? { config: job } : { config: job, choice: describeChoice(concrete, tried) };
  });
  return { configs, faults: findOverridden(space.value, environment, file) };
}

/** The value that a point is there for, or all of them: `net.enum.train.model$0:channels = [[16,32]]`. */
function describeChoice(concrete: ConcreteSearchValue, tried: string | undefined): string {
  const entries = Object.entries(concrete).filter(([prl]) => tried === undefined || prl === tried);
  return entries.map(([prl, value]) => `${prl} = ${JSON.stringify(value)}`).join(', ');
}
