import { componentSpecs } from '../components/catalogue.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { componentSchema, trainConfigSchema } from '../mmar/component-grammar.ts';
import { automlConfigSchema } from '../mmar/config-automl.ts';
import { dataListSchema } from '../mmar/data-list.ts';
import { environmentSchema } from '../mmar/environment.ts';
import type { Variables } from '../mmar/variables.ts';
import { searchItemSchema } from '../search-space/search-item.ts';
import { scanComponents } from '../search-space/scan-components.ts';
import type { Control } from './argument-control.ts';
import { findComponentPlace, kindAt, type ComponentPlace } from './component-place.ts';
import { describeArguments, describeKeys, type ArgumentDescription } from './describe-argument.ts';
import type { DocumentKind } from './document-kind.ts';
import type { TextPlace } from './find-node.ts';
import { makeComponent } from './make-component.ts';
import { titleOfSlot } from './outline-config.ts';
import { namesOf } from './search-edit.ts';
import { valueAt } from './step-into-value.ts';

/** Something that may be written at a place. */
export interface Suggestion {
  /** What the list shows. */
  readonly label: string;
  /** What is written: a key with its first value, or a value. */
  readonly insert: { readonly key: string; readonly value?: Json } | { readonly value: Json };
  readonly type: 'key' | 'value' | 'variable' | 'reference' | 'component';
  /** Beside the label. */
  readonly detail?: string;
  readonly documentation?: string;
}

/** What a document is about, for suggestions and explanations. */
export interface LanguageContext {
  readonly kind: DocumentKind;
  /** The document, as far as it can be read. */
  readonly value: Json;
  /** Of a train or evaluation config. */
  readonly variables: Variables;
}

/** Keys or values that may stand at a place of a document. */
export function suggest(place: TextPlace, context: LanguageContext): readonly Suggestion[] {
  return place.isKeyPlace ? suggestKeys(place, context) : suggestValues(place, context);
}

function suggestKeys({ path, key }: TextPlace, context: LanguageContext): readonly Suggestion[] {
  const object = valueAt(context.value, path);
  const present = isJsonObject(object) ? Object.keys(object).filter((name) => name !== key?.key) : [];
  return keysAt(path, context)
    .filter(({ name }) => !present.includes(name))
    .map((described) => suggestKey(described));
}

function suggestKey({
  name,
  control,
  documentation,
  default: fallback,
  isRequired,
}: KeyDescription): Suggestion {
  const value = fallback ?? startOf(control);
  const detail = isRequired ? 'required' : fallback === undefined ? undefined : JSON.stringify(fallback);
  return {
    label: name,
    insert: { key: name, ...(value === undefined ? {} : { value }) },
    type: 'key',
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === '' ? {} : { documentation }),
  };
}

type KeyDescription = Pick<
  ArgumentDescription,
  'name' | 'control' | 'documentation' | 'isRequired' | 'default'
>;

/** A first value that is certainly of the right form; the rest is for the user to type. */
function startOf(control: Control): Json | undefined {
  if (control.kind === 'switch') return true;
  if (control.kind === 'choice') return control.options[0];
  return control.kind === 'text' ? '' : undefined;
}

function keysAt(path: TextPlace['path'], context: LanguageContext): readonly KeyDescription[] {
  const { kind } = context;
  if (kind === 'environment') return path.length === 0 ? describeKeys(environmentSchema) : [];
  if (kind === 'data_list') return path.length === 0 ? describeKeys(dataListSchema) : [];
  if (kind === 'json' || kind === 'text') return [];
  if (path.at(-2) === 'search') return describeKeys(searchItemSchema);
  const isAutoml = kind === 'config_automl';
  const found = findComponentPlace(context.value, path, isAutoml);
  if (found !== undefined) return keysInComponent(found);
  if (isAutoml) return path.length === 0 ? describeKeys(automlConfigSchema) : [];
  if (kind === 'config_train' && path.length === 0) return describeKeys(trainConfigSchema);
  const isSection = path.length === (kind === 'config_train' ? 1 : 0);
  return isSection ? slotKeys() : [];
}

function keysInComponent({ inside, spec }: ComponentPlace): readonly KeyDescription[] {
  if (inside.length === 0) return describeKeys(componentSchema);
  if (inside.length === 1 && inside[0] === 'args') return spec === undefined ? [] : describeArguments(spec);
  if (inside.length === 1 && inside[0] === 'apply') {
    const names = [
      '@disabled',
      ...(spec === undefined ? [] : describeArguments(spec).map(({ name }) => name)),
    ];
    return names.map((name) => ({
      name,
      control: { kind: 'text' },
      documentation: 'gets the value that is found for an alias',
      isRequired: false,
    }));
  }
  return [];
}

const SLOTS = [
  'pre_transforms',
  'dataset',
  'dataloader',
  'model',
  'loss',
  'optimizer',
  'lr_scheduler',
  'inferer',
  'post_transforms',
  'key_metric',
  'additional_metrics',
  'handlers',
  'trainer',
  'evaluator',
];

function slotKeys(): readonly KeyDescription[] {
  return SLOTS.map((name) => ({
    name,
    control: { kind: 'json' },
    documentation: titleOfSlot(name),
    isRequired: false,
  }));
}

function suggestValues(place: TextPlace, context: LanguageContext): readonly Suggestion[] {
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
  if (key === 'ref') return refTargets(context.value);
  if (key === 'disabled') return [plainValue(true), plainValue(false), ...variableValues(context.variables)];
  if (key === 'apply') return aliasValues(context.value);
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

/** `@slot` for every slot of the config. */
export function referenceValues(config: Json): readonly Suggestion[] {
  if (!isJsonObject(config)) return [];
  const { train, validate } = config;
  const sections = isJsonObject(train) ? [train, ...(isJsonObject(validate) ? [validate] : [])] : [config];
  const slots = new Set(
    sections.flatMap((section) => Object.keys(section)).filter((slot) => SLOTS.includes(slot)),
  );
  return [...slots].map((slot) => ({
    label: `@${slot}`,
    insert: { value: `@${slot}` },
    type: 'reference',
    detail: titleOfSlot(slot),
  }));
}

function refTargets(config: Json): readonly Suggestion[] {
  if (!isJsonObject(config) || !isJsonObject(config.train)) return [];
  const { components } = scanComponents({ train: config.train });
  const names = components.flatMap(({ json, name }) => {
    const alias = typeof json.name === 'string' ? json.name.split('#')[1] : undefined;
    return [alias ?? name];
  });
  return [...new Set(names)].map(plainValue);
}

/** Names that a search publishes: aliases, and the args of first-level items. */
export function aliasesOf(config: Json): readonly string[] {
  if (!isJsonObject(config)) return [];
  const own = itemsOf(config).flatMap((item) => namesOf(item).map((name) => name.split('#').at(-1)!));
  const aliases = scanComponents(config).components.flatMap(({ json }) =>
    itemsOf(json).flatMap((item) => namesOf(item).flatMap((name) => name.split('#')[1] ?? [])),
  );
  return [...new Set([...own, ...aliases].map((name) => name.replace(/^@/, '')))];
}

const aliasValues = (config: Json): readonly Suggestion[] => aliasesOf(config).map(plainValue);

const itemsOf = ({ search }: JsonObject): readonly JsonObject[] =>
  Array.isArray(search) ? search.filter((item: Json) => isJsonObject(item)) : [];
