import { z } from 'zod';
import { componentNames, findComponent } from '../components/catalogue.ts';
import type { ComponentKind } from '../components/component-spec.ts';
import { fail, succeed, type Fault, type Result } from '../fault.ts';
import { isJsonObject, type Json, type JsonPath } from '../json.ts';
import { buildComponent, type BuildContext } from './build-component.ts';
import { checkComponent } from './check-components.ts';
import { componentSchema } from './component-grammar.ts';
import { engineSettingsSchema, readEngineSettings, type EngineSettings } from './engine-settings.ts';
import { substituteConfig, type ConfigSource } from './config-source.ts';
import type { ComponentNode } from './resolved-config.ts';

/** config/config_automl.json: who searches, who trains, who listens. */
export const automlConfigSchema = z.looseObject({
  controller: componentSchema.describe('the search algorithm'),
  executor: componentSchema.describe('makes a job of a recommendation'),
  handlers: z.array(componentSchema).optional().describe('hear the events of the run, in this order'),
  engine: engineSettingsSchema.optional().describe('what a run is started with when nobody says otherwise'),
});

/** A config_automl with its variables filled in; disabled handlers are gone, arguments are checked. */
export interface ResolvedAutomlConfig {
  readonly file: string;
  readonly controller: ComponentNode;
  readonly executor: ComponentNode;
  readonly handlers: readonly ComponentNode[];
  readonly engine: EngineSettings;
}

/** What `{trainconf}` is when nobody sets it. */
const DEFAULTS = { trainconf: 'config_train.json' };

/**
 * Reads config_automl.json. Its variables come from `--set` and environment.json, and `trainconf` from the default.
 * Components with `path` are the user's own: only their form is checked.
 */
export function resolveAutomlConfig(source: ConfigSource): Result<ResolvedAutomlConfig> {
  const substituted = substituteConfig({ ...source, environment: { ...DEFAULTS, ...source.environment } });
  if (!substituted.ok) return substituted;
  const { file } = source;
  const { json, variables } = substituted.value;
  const faults: Fault[] = [...substituted.value.faults];
  const context: BuildContext = {
    file,
    variables,
    report: (fault) => void faults.push(fault),
    isSlot: () => false,
  };

  const controller = buildOne(json.controller, 'controller', 'automl_controller', context);
  const executor = buildOne(json.executor, 'executor', 'automl_executor', context);
  const handlers = buildHandlers(json.handlers, context);
  const engine = readEngineSettings(json.engine, file, context.report);
  if (faults.length > 0 || controller === undefined || executor === undefined) return fail(...faults);
  return succeed({ file, controller, executor, handlers, engine });
}

function buildOne(
  json: Json | undefined,
  slot: string,
  kind: ComponentKind,
  context: BuildContext,
): ComponentNode | undefined {
  if (json !== undefined) return buildChecked(json, [slot], kind, context);
  context.report({
    code: 'schema',
    file: context.file,
    path: [slot],
    message: `The config has no ${slot}.`,
    allowed: `{"name": one of ${componentNames(kind).join(', ')}}, or one of your own by "path"`,
  });
  return undefined;
}

function buildHandlers(json: Json | undefined, context: BuildContext): readonly ComponentNode[] {
  if (json === undefined) return [];
  if (!Array.isArray(json)) {
    context.report({
      code: 'schema',
      file: context.file,
      path: ['handlers'],
      message: 'This is no list.',
      allowed: '[{"name": ...}, ...]',
    });
    return [];
  }
  return json.flatMap((item: Json, index) => {
    if (isJsonObject(item) && item.disabled === true) return [];
    return buildChecked(item, ['handlers', index], 'automl_handler', context) ?? [];
  });
}

function buildChecked(
  json: Json,
  at: JsonPath,
  kind: ComponentKind,
  context: BuildContext,
): ComponentNode | undefined {
  const node = buildComponent(json, at, context);
  if (node === undefined) return undefined;
  const faults = checkComponent(node, context.file, kind);
  faults.forEach(context.report);
  if (faults.length > 0 || node.path !== undefined) return node;
  return { ...node, name: findComponent(node.name, kind)!.name };
}
