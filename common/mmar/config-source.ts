import { fail, succeed, type Fault, type Result } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import { locateComponent } from './locate-component.ts';
import { parseJsonObject } from './parse-json.ts';
import type { SetValue } from './set-arguments.ts';
import { substituteVariables } from './substitute-variables.ts';
import { collectVariables, type JoinPath, type Variables } from './variables.ts';

/** A config before resolution, with everything that its variables come from. */
export interface ConfigSource {
  /** The document, as text or parsed already. */
  readonly config: string | JsonObject;
  /** Name of the config file, for messages. */
  readonly file: string;
  /** environment.json; empty by default. */
  readonly environment?: JsonObject;
  /** What `--set` said; empty by default. */
  readonly overrides?: Readonly<Record<string, SetValue>>;
  readonly mmarRoot: string;
  readonly joinPath: JoinPath;
}

/** A config with its variables filled in. */
export interface SubstitutedConfig {
  readonly json: JsonObject;
  readonly variables: Variables;
  /** What could not be filled in, of the parts that are used. */
  readonly faults: readonly Fault[];
}

/** Parses a config, collects its variables and fills them in. Fails only when the text is no JSON object. */
export function substituteConfig(source: ConfigSource): Result<SubstitutedConfig> {
  const { config, file, environment = {}, overrides = {}, mmarRoot, joinPath } = source;
  const parsed = typeof config === 'string' ? parseJsonObject(config, file) : succeed(config);
  if (!parsed.ok) return fail(...parsed.faults);
  const variables = collectVariables({ config: parsed.value, environment, overrides, mmarRoot, joinPath });
  const { json, faults } = substituteVariables(parsed.value, variables);
  return succeed({ json, variables, faults: faults.flatMap((fault) => placeFault(fault, json, file)) });
}

/** Adds file, component and argument; drops what stands in a part that is never used. */
function placeFault(fault: Fault, json: JsonObject, file: string): readonly Fault[] {
  const { ignored, ...location } = locateComponent(json, fault.path ?? []);
  return ignored ? [] : [{ ...fault, file, ...location }];
}

/** A switch among the variables: true, false, or 1 and 0 as `--set` writes them. */
export function readSwitch(
  variables: Variables,
  name: string,
  file: string,
  report: (fault: Fault) => void,
): boolean {
  const value = variables[name];
  if (value === true || value === 1) return true;
  if (value === false || value === 0 || value === undefined || value === null) return false;
  report({
    code: 'wrong-argument',
    file,
    path: [name],
    message: `${JSON.stringify(value)} does not fit.`,
    allowed: 'true or false',
  });
  return false;
}
