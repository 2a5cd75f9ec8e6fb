import { readFileSync } from 'node:fs';
import type { Fault } from '../../../common/fault.ts';
import type { JsonObject } from '../../../common/json.ts';
import {
  readSearchSpace,
  type BoundSearchSpace,
  type ReadSearchSpaceOptions,
} from '../../../common/search-space/read-search-space.ts';

/** A config of test/fixtures/configs: `search-<name>.json`. */
export function loadConfig(name: string): JsonObject {
  const url = new URL(`../../fixtures/configs/search-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as JsonObject;
}

/** The search space of a config that is right. */
export function spaceOf(config: JsonObject, options: Partial<ReadSearchSpaceOptions> = {}): BoundSearchSpace {
  const read = readSearchSpace(config, { file: 'config_train.json', ...options });
  if (!read.ok) throw new Error(JSON.stringify(read.faults, null, 2));
  return read.value;
}

/** What is wrong with a config. */
export function faultsOf(
  config: JsonObject,
  options: Partial<ReadSearchSpaceOptions> = {},
): readonly Fault[] {
  const read = readSearchSpace(config, { file: 'config_train.json', ...options });
  return read.ok ? [] : read.faults;
}
