import { componentSpecs } from '../components/catalogue.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { trainConfigSchema } from '../mmar/component-grammar.ts';
import { environmentSchema } from '../mmar/environment.ts';
import type { Variables } from '../mmar/variables.ts';
import { searchItemSchema } from '../search-space/search-item.ts';
import type { Control } from './argument-control.ts';
import { findComponentPlace, kindAt, type ComponentPlace } from './component-place.ts';
import { aliasesOf, referencesTo, refTargetsOf } from './config-names.ts';
import { describeArguments, describeKeys, type ArgumentDescription } from './describe-argument.ts';
import type { TextPlace } from './find-node.ts';
import { makeComponent } from './make-component.ts';
import { titleOfSlot } from './outline-config.ts';
import type { LanguageContext, Suggestion } from './suggestion.ts';

/** Values that may stand at a place. */
export function suggestValues(place: TextPlace, context: LanguageContext): readonly Suggestion[] {
  const { kind, value } = context;
  const { path } = place;
  if (kind === 'json' || kind === 'text' || kind === 'data_list') return [];
  if (kind === 'environment') return valuesOf(describeKeys(environmentSchema), path);
  const inSearch = path.lastIndexOf('search');
  if (inSearch >= 0) return suggestInSearch(path, inSearch, context);
  const isAutoml = kind === 'config_automl';
  const parent = path.slice(0, -1);
  const found = findComponentPlace(value, parent, isAutoml);
  const slotKind = kindAt(path, isAutoml);
  if (found === undefined || slotKind !== undefined)
    return slotKind === undefined ? firstLevelValues(context, path) : suggestComponents(slotKind);
  return suggestInComponent({ ...found, inside: [...found.inside, path.at(-1)!] }, context);
}

function firstLevelValues({ kind }: LanguageContext, path: TextPlace['path']): readonly Suggestion[] {
  return kind === 'config_train' ? valuesOf(describeKeys(trainConfigSchema), path) : [];
}

function suggestComponents(kind: ComponentPlace['kind']): readonly Suggestion[] {
  return componentSpecs
    .filter((spec) => spec.kind === kind)
    .map((spec) => ({
      label: spec.name,
      insert: { value: makeComponent(spec) },
      type: 'component' as const,
      documentation: spec.summary,
    }));
}

function suggestInComponent(
  { inside, kind, spec }: ComponentPlace,
  context: LanguageContext,
): readonly Suggestion[] {
  const [key, argument] = inside;
  if (key === 'name' && inside.length === 1)
    return componentSpecs
      .filter((candidate) => kind === undefined || candidate.kind === kind)
      .map(({ name, summary }) => ({
        label: name,
        insert: { value: name },
        type: 'component',
        documentation: summary,
      }));
  if (key === 'ref') return refTargetsOf(context.value).map(plainValue);
  if (key === 'disabled') return [plainValue(true), plainValue(false), ...variableValues(context.variables)];
  if (key === 'apply') return aliasesOf(context.value).map(plainValue);
  if (key !== 'args' || argument === undefined) return variableValues(context.variables);
  const described =
    spec === undefined ? undefined : describeArguments(spec).find(({ name }) => name === argument);
  const plain = described === undefined ? [] : valuesOfControl(described.control, inside.length > 2);
  return [...plain, ...referenceValues(context.value), ...variableValues(context.variables)];
}

function suggestInSearch(
  path: TextPlace['path'],
  at: number,
  { value }: LanguageContext,
): readonly Suggestion[] {
  const key = path[at + 2];
  if (key === 'type' || key === 'log') return valuesOf(describeKeys(searchItemSchema), [key]);
  if (key === 'domain') return ['lr', 'net', 'transform'].map(plainValue);
  if (key !== 'args') return [];
  const owner = findComponentPlace(value, path.slice(0, at));
  const names =
    owner === undefined
      ? Object.keys(isJsonObject(value) ? value : {}).filter(
          (name) => typeof (value as JsonObject)[name] !== 'object',
        )
      : [
          '@disabled',
          ...(owner.spec === undefined ? [] : describeArguments(owner.spec).map(({ name }) => name)),
        ];
  return names.map(plainValue);
}

function valuesOf(described: readonly ArgumentDescription[], path: TextPlace['path']): readonly Suggestion[] {
  const found = path.length === 1 ? described.find(({ name }) => name === path[0]) : undefined;
  return found === undefined ? [] : valuesOfControl(found.control, false);
}

function valuesOfControl(control: Control, isItem: boolean): readonly Suggestion[] {
  switch (control.kind) {
    case 'switch':
      return isItem ? [] : [plainValue(true), plainValue(false)];
    case 'choice':
      return isItem ? [] : control.options.map(plainValue);
    case 'nothing':
      return isItem ? [] : [plainValue(null)];
    case 'list':
      return isItem ? valuesOfControl(control.item, false) : [];
    case 'either':
      return control.options.flatMap((option) => valuesOfControl(option, isItem));
    default:
      return [];
  }
}

const plainValue = (value: Json): Suggestion => ({
  label: typeof value === 'string' ? value : JSON.stringify(value),
  insert: { value },
  type: 'value',
});

function variableValues(variables: Variables): readonly Suggestion[] {
  return Object.entries(variables).map(([name, value]) => ({
    label: `{${name}}`,
    insert: { value: `{${name}}` },
    type: 'variable',
    detail: JSON.stringify(value),
  }));
}

function referenceValues(config: Json): readonly Suggestion[] {
  return referencesTo(config).map((reference) => ({
    label: reference,
    insert: { value: reference },
    type: 'reference',
    detail: titleOfSlot(reference.slice(1)),
  }));
}
