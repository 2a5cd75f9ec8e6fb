import { isJsonObject, type Json } from '../json.ts';
import { componentSchema, trainConfigSchema } from '../mmar/component-grammar.ts';
import { automlConfigSchema } from '../mmar/config-automl.ts';
import { dataListSchema } from '../mmar/data-list.ts';
import { environmentSchema } from '../mmar/environment.ts';
import { searchItemSchema } from '../search-space/search-item.ts';
import type { Control } from './argument-control.ts';
import { findComponentPlace, type ComponentPlace } from './component-place.ts';
import { describeArguments, describeKeys, type ArgumentDescription } from './describe-argument.ts';
import type { TextPlace } from './find-node.ts';
import { SLOT_NAMES, titleOfSlot } from './outline-config.ts';
import { valueAt } from './step-into-value.ts';
import type { LanguageContext, Suggestion } from './suggestion.ts';

/** Keys that the object at a place does not have yet. */
export function suggestKeys({ path, key }: TextPlace, context: LanguageContext): readonly Suggestion[] {
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

function slotKeys(): readonly KeyDescription[] {
  return SLOT_NAMES.map((name) => ({
    name,
    control: { kind: 'json' },
    documentation: titleOfSlot(name),
    isRequired: false,
  }));
}
