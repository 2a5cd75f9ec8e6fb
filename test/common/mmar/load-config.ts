import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { JsonObject } from '../../../common/json.ts';
import type { ConfigSource } from '../../../common/mmar/config-source.ts';

/** A config of test/fixtures/configs, with the environment that it needs. */
export function loadConfig(name: string): ConfigSource {
  const file = `${name}.json`;
  const text = readFileSync(new URL(`../../fixtures/configs/${file}`, import.meta.url), 'utf8');
  return { config: text, file, environment: { DATA_ROOT: 'data', DATASET_JSON: 'list.json' }, ...place };
}

/** A small config as a source. */
export const sourceOf = (config: JsonObject, environment: JsonObject = {}): ConfigSource => ({
  config,
  file: 'config.json',
  environment,
  ...place,
});

const place = { mmarRoot: '/mmar', joinPath: posix.resolve };

/** A deep copy of a fixture that a test may change before it resolves it. */
export function editConfig(name: string, edit: (config: EditableConfig) => void): ConfigSource {
  const source = loadConfig(name);
  const config = JSON.parse(source.config as string) as EditableConfig;
  edit(config);
  return { ...source, config: config as unknown as JsonObject };
}

/** A config whose parts tests reach into by name. */
export type EditableConfig = Record<string, EditableValue>;
// Tests reach deep into JSON whose form they know; a wrong step fails the test.
type EditableValue = ReturnType<typeof JSON.parse>;
