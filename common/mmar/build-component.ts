import type { Fault } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { componentSchema } from './component-grammar.ts';
import { looksLikeExpression, parseExpression } from './expressions.ts';
import { componentName, looksLikeComponent } from './locate-component.ts';
import type { ComponentNode, ConfigValue } from './resolved-config.ts';
import { faultsOfIssues } from './schema-faults.ts';
import type { Variables } from './variables.ts';

/** What building needs to know of the rest of the config. */
export interface BuildContext {
  readonly file: string;
  readonly variables: Variables;
  /** True for the name of a slot: `@name` is then a reference, else it may be a variable. */
  readonly isSlot: (name: string) => boolean;
  readonly report: (fault: Fault) => void;
}

const NO_ATTRIBUTES = new Set(['name', 'path', 'args', 'disabled', 'search', 'apply', 'ref']);

/** Modules that are part of Clara's framework: a path into them names a built-in, not a user's own class. */
const FRAMEWORK = /^(monai|ignite|torch|medl|nvmidl|automl)\./;

/** A component object, after substitution, as a node. Undefined, with faults reported, when it is none. */
export function buildComponent(json: Json, at: JsonPath, context: BuildContext): ComponentNode | undefined {
  const { file, report } = context;
  if (!isJsonObject(json)) {
    report({
      code: 'schema',
      file,
      path: at,
      message: 'This is no component.',
      allowed: '{"name": ..., "args": {...}}',
    });
    return undefined;
  }
  const name = componentName(json);
  const parsed = componentSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    const place = { file, path: at, ...(name === undefined ? {} : { component: name }) };
    faultsOfIssues(parsed.error, place).forEach((fault) => report({ ...fault, code: 'schema' }));
    return undefined;
  }
  if (name === undefined) {
    report({
      code: 'schema',
      file,
      path: at,
      message: 'The component has no class.',
      allowed: '"name" or "path"',
    });
    return undefined;
  }
  return nodeOf(json, at, context);
}

function nodeOf(json: JsonObject, at: JsonPath, context: BuildContext): ComponentNode {
  const path = typeof json.path === 'string' && !FRAMEWORK.test(json.path) ? json.path : undefined;
  const written = typeof json.name === 'string' ? json.name : componentName(json)!;
  const [className, alias] = written.split('#') as [string, string?];
  const name =
    typeof json.path === 'string' && path === undefined ? componentName(json)! : withoutFramework(className);
  const args = isJsonObject(json.args) ? json.args : {};
  return {
    kind: 'component',
    name,
    ...(path === undefined ? {} : { path }),
    ...(alias === undefined ? {} : { alias }),
    args: Object.fromEntries(
      Object.entries(args).map(([key, value]) => [
        key,
        buildValue(value, [...at, 'args', key], name, context),
      ]),
    ),
    attributes: Object.fromEntries(Object.entries(json).filter(([key]) => !NO_ATTRIBUTES.has(key))),
    at,
  };
}

const withoutFramework = (name: string): string => (FRAMEWORK.test(name) ? name.split('.').at(-1)! : name);

function buildValue(value: Json, at: JsonPath, component: string, context: BuildContext): ConfigValue {
  if (typeof value === 'string') return buildText(value, at, component, context);
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => buildValue(item, [...at, index], component, context));
  }
  if (!isJsonObject(value)) return value as null | boolean | number;
  if (looksLikeComponent(value)) return nodeOf(value, at, context);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, buildValue(item, [...at, key], component, context)]),
  );
}

function buildText(text: string, at: JsonPath, component: string, context: BuildContext): ConfigValue {
  if (looksLikeExpression(text)) {
    const expression = parseExpression(text);
    if ('form' in expression) return { kind: 'expression', expression, at };
    const argument = String(at[at.lastIndexOf('args') + 1]);
    context.report({ ...expression, file: context.file, path: at, component, argument });
    return null;
  }
  const name = /^@(\w+)$/.exec(text)?.[1];
  if (name === undefined) return text;
  if (!context.isSlot(name) && Object.hasOwn(context.variables, name))
    return context.variables[name]! as ConfigValue;
  return { kind: 'reference', name, at };
}
