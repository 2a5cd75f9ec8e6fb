import type { Fault } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { buildComponent, type BuildContext } from './build-component.ts';
import { LIST_SLOTS, refSchema, SINGLE_SLOTS } from './component-grammar.ts';
import { componentName } from './locate-component.ts';
import { suggestNames } from './nearest-names.ts';
import type { ComponentNode, ConfigSection } from './resolved-config.ts';
import { faultsOfIssues } from './schema-faults.ts';

/** One component object of a slot and where it stands. */
interface Entry {
  readonly json: Json;
  readonly at: JsonPath;
}

/** What `ref` may name: the components of the train section. */
export interface RefTargets {
  /** The enabled component, `disabled` for one that is switched off, or a fault's message. */
  find(name: string): ComponentNode | 'disabled' | { readonly problem: string };
}

/** The targets of a config without a train section. */
export const NO_REF_TARGETS: RefTargets = {
  find: () => ({ problem: 'There is no train section to refer to.' }),
};

/** Builds the slots of a section. Keys that hold no components, and those that begin with `_`, are passed over. */
export function buildSection(
  json: JsonObject,
  at: JsonPath,
  targets: RefTargets,
  context: BuildContext,
): ConfigSection {
  const slots: [string, ComponentNode | readonly ComponentNode[]][] = [];
  for (const [slot, value] of Object.entries(json)) {
    if (slot.startsWith('_') || !isSlotValue(slot, value)) continue;
    const entries = entriesOf(value, [...at, slot]).filter(({ json: entry }) => !isDisabled(entry));
    if (isSingle(slot, value)) {
      const chosen = chooseAlternative(entries, value, [...at, slot], context);
      if (chosen !== undefined) slots.push([slot, chosen]);
    } else {
      slots.push([slot, entries.flatMap((entry) => buildEntry(entry, targets, context))]);
    }
  }
  return Object.fromEntries(slots);
}

function isSlotValue(slot: string, value: Json): boolean {
  if (SINGLE_SLOTS.has(slot) || LIST_SLOTS.has(slot)) return true;
  return Array.isArray(value) ? value.some((item: Json) => isJsonObject(item)) : isJsonObject(value);
}

const isSingle = (slot: string, value: Json): boolean =>
  SINGLE_SLOTS.has(slot) || (!LIST_SLOTS.has(slot) && !Array.isArray(value));

const isDisabled = (json: Json): boolean => isJsonObject(json) && json.disabled === true;

function entriesOf(value: Json, at: JsonPath): readonly Entry[] {
  if (!Array.isArray(value)) return [{ json: value, at }];
  return value.map((json: Json, index) => ({ json, at: [...at, index] }));
}

/** The one enabled component. A single component that is disabled leaves the slot empty. */
function chooseAlternative(
  enabled: readonly Entry[],
  value: Json,
  at: JsonPath,
  context: BuildContext,
): ComponentNode | undefined {
  const slot = String(at.at(-1));
  const fault = (code: Fault['code'], message: string): void =>
    context.report({
      code,
      file: context.file,
      path: at,
      message,
      allowed: 'exactly one without "disabled": true',
    });
  if (enabled.length > 1) {
    const names = enabled
      .map(({ json }) => (isJsonObject(json) ? componentName(json) : undefined) ?? '?')
      .join(', ');
    fault('several-alternatives-enabled', `Several alternatives of "${slot}" are enabled: ${names}.`);
    return undefined;
  }
  const [only] = enabled;
  if (only !== undefined) return buildComponent(only.json, only.at, context);
  if (Array.isArray(value)) fault('no-alternative-enabled', `No alternative of "${slot}" is enabled.`);
  return undefined;
}

function buildEntry(
  { json, at }: Entry,
  targets: RefTargets,
  context: BuildContext,
): readonly ComponentNode[] {
  if (!isJsonObject(json) || !Object.hasOwn(json, 'ref')) {
    const node = buildComponent(json, at, context);
    return node === undefined ? [] : [node];
  }
  const parsed = refSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    faultsOfIssues(parsed.error, { file: context.file, path: at }).forEach((fault) =>
      context.report({ ...fault, code: 'schema' }),
    );
    return [];
  }
  const found = targets.find(parsed.data.ref);
  if (found === 'disabled') return [];
  if ('kind' in found) return [found];
  context.report({
    code: 'unknown-reference',
    file: context.file,
    path: [...at, 'ref'],
    message: found.problem,
  });
  return [];
}

/**
 * The targets that a train section offers: by alias first, then by class name. A class that occurs several times can
 * only be meant by alias.
 */
export function collectRefTargets(train: JsonObject, at: JsonPath, context: BuildContext): RefTargets {
  const entries = Object.entries(train)
    .filter(([slot]) => !slot.startsWith('_'))
    .flatMap(([slot, value]) => entriesOf(value, [...at, slot]))
    .flatMap((entry) => (isJsonObject(entry.json) ? [{ ...entry, json: entry.json }] : []));
  const className = (json: JsonObject): string => componentName(json) ?? '';
  const aliasOf = (json: JsonObject): string | undefined =>
    typeof json.name === 'string' ? json.name.split('#')[1] : undefined;
  // The train section reports what is wrong with its own components.
  const silent = { ...context, report: () => undefined };

  return {
    find(name) {
      const byAlias = entries.filter(({ json }) => aliasOf(json) === name);
      const found = byAlias.length > 0 ? byAlias : entries.filter(({ json }) => className(json) === name);
      if (found.length > 1) {
        return {
          problem: `"${name}" stands ${found.length} times in the train section; give the one meant an alias: "${name}#alias".`,
        };
      }
      const [target] = found;
      if (target === undefined) {
        const known = entries
          .flatMap(({ json }) => [className(json), aliasOf(json) ?? ''])
          .filter((text) => text !== '');
        return { problem: `The train section has no component "${name}".${suggestNames(name, known)}` };
      }
      if (isDisabled(target.json)) return 'disabled';
      return buildComponent(target.json, target.at, silent) ?? 'disabled';
    },
  };
}
