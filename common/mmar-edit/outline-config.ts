import { findComponent } from '../components/catalogue.ts';
import type { ComponentKind, ComponentSpec } from '../components/component-spec.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { KIND_OF_SLOT } from '../mmar/check-components.ts';
import { LIST_SLOTS, SINGLE_SLOTS } from '../mmar/component-grammar.ts';
import { componentName } from '../mmar/locate-component.ts';
import type { Variables } from '../mmar/variables.ts';

/** One component of a config as a card of the form. */
export interface ComponentCard {
  readonly path: JsonPath;
  /** Class name without alias; of a ref the name that it refers to. */
  readonly name: string;
  readonly json: JsonObject;
  /** Undefined for the user's own, for a ref, and for one that nobody knows. */
  readonly spec: ComponentSpec | undefined;
  /** True for a component by `path`. */
  readonly isOwn: boolean;
  readonly isRef: boolean;
  /** True for the model of an evaluation that is loaded from a file: exported, or a checkpoint. */
  readonly isModelFile: boolean;
  readonly isDisabled: boolean;
  /** `{name}` that says whether it is disabled. */
  readonly disabledBy?: string;
}

/** A place of a section that holds components. */
export interface SlotOutline {
  readonly slot: string;
  readonly title: string;
  readonly path: JsonPath;
  readonly kind: ComponentKind | undefined;
  /** `alternatives`: a list where one component belongs, of which one is enabled. */
  readonly form: 'single' | 'alternatives' | 'list';
  /** False for a slot that holds one component and never a list of alternatives. */
  readonly hasAlternatives: boolean;
  /** False for a slot that the config does not have. */
  readonly isPresent: boolean;
  readonly cards: readonly ComponentCard[];
  /** Entries that are no components at all. */
  readonly others: readonly JsonPath[];
}

export interface SectionOutline {
  readonly name: string;
  readonly title: string;
  readonly path: JsonPath;
  readonly slots: readonly SlotOutline[];
}

/** The slots in the order in which data passes through them. */
const PIPELINE: readonly string[] = [
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
  'metrics',
  'handlers',
  'trainer',
  'evaluator',
];

/** The slots of the 4.1 dialect, in pipeline order. */
export const SLOT_NAMES: readonly string[] = PIPELINE.filter((slot) => slot !== 'metrics');

/** Slots that a section of each name usually has: they are offered where they are absent. */
const USUAL_SLOTS: Readonly<Record<string, readonly string[]>> = {
  train: PIPELINE.filter((slot) => !['metrics', 'evaluator'].includes(slot)),
  validate: PIPELINE.filter(
    (slot) => !['metrics', 'trainer', 'model', 'loss', 'optimizer', 'lr_scheduler'].includes(slot),
  ),
};

const TITLES: Readonly<Record<string, string>> = {
  pre_transforms: 'Pre-transforms',
  post_transforms: 'Post-transforms',
  dataset: 'Data set',
  dataloader: 'Data loader',
  model: 'Network',
  lr_scheduler: 'Learning rate scheduler',
  key_metric: 'Key metric',
  additional_metrics: 'Additional metrics',
};

/** What the slots of a config_automl hold. */
export const AUTOML_KINDS: Readonly<Record<string, ComponentKind>> = {
  controller: 'automl_controller',
  executor: 'automl_executor',
  handlers: 'automl_handler',
};

/** The name of a slot for people. */
export const titleOfSlot = (slot: string): string =>
  TITLES[slot] ?? `${slot.charAt(0).toUpperCase()}${slot.slice(1).replaceAll('_', ' ')}`;

/** The sections of a train config, with their slots in pipeline order and what is not a component left out. */
export function outlineTrainConfig(config: Json, variables: Variables = {}): readonly SectionOutline[] {
  if (!isJsonObject(config)) return [];
  return ['train', 'validate'].flatMap((name) => {
    const section = config[name];
    if (!isJsonObject(section)) return [];
    const title = name === 'train' ? 'Train' : 'Validate';
    return [
      { name, title, path: [name], slots: outlineSlots(section, [name], USUAL_SLOTS[name]!, variables) },
    ];
  });
}

/** A flat config of an evaluation: one section. */
export function outlineEvaluationConfig(config: Json, variables: Variables = {}): readonly SectionOutline[] {
  if (!isJsonObject(config)) return [];
  return [{ name: '', title: 'Evaluate', path: [], slots: outlineSlots(config, [], [], variables) }];
}

/** Controller, executor and handlers of a config_automl. */
export function outlineAutomlConfig(config: Json, variables: Variables = {}): readonly SlotOutline[] {
  if (!isJsonObject(config)) return [];
  return Object.entries(AUTOML_KINDS).map(([slot, kind]) =>
    outlineSlot(slot, config[slot], [slot], kind, variables),
  );
}

function outlineSlots(
  section: JsonObject,
  path: JsonPath,
  usual: readonly string[],
  variables: Variables,
): readonly SlotOutline[] {
  const rank = (slot: string): number => (PIPELINE.includes(slot) ? PIPELINE.indexOf(slot) : PIPELINE.length);
  const present = Object.keys(section).filter((slot) => isSlot(slot, section[slot]!));
  return [...new Set([...present, ...usual])]
    .toSorted((a, b) => rank(a) - rank(b))
    .map((slot) => outlineSlot(slot, section[slot], [...path, slot], KIND_OF_SLOT[slot], variables));
}

/** Keys that hold components. Those that begin with `_` are commented out. */
function isSlot(slot: string, value: Json): boolean {
  if (slot.startsWith('_') || slot === 'search' || slot === 'apply') return false;
  if (SINGLE_SLOTS.has(slot) || LIST_SLOTS.has(slot)) return true;
  return Array.isArray(value)
    ? value.some((item: Json) => isJsonObject(item))
    : isJsonObject(value) && componentName(value) !== undefined;
}

function outlineSlot(
  slot: string,
  value: Json | undefined,
  path: JsonPath,
  kind: ComponentKind | undefined,
  variables: Variables,
): SlotOutline {
  const isList = LIST_SLOTS.has(slot) || (!SINGLE_SLOTS.has(slot) && Array.isArray(value));
  const form = isList ? 'list' : Array.isArray(value) ? 'alternatives' : 'single';
  const entries: readonly { readonly json: Json; readonly path: JsonPath }[] = Array.isArray(value)
    ? value.map((json: Json, index) => ({ json, path: [...path, index] }))
    : value === undefined
      ? []
      : [{ json: value, path }];
  return {
    slot,
    title: titleOfSlot(slot),
    path,
    kind,
    form,
    hasAlternatives: !isList && !kind?.startsWith('automl_'),
    isPresent: value !== undefined,
    cards: entries.flatMap(({ json, path: at }) =>
      isJsonObject(json) ? [makeCard(json, at, kind, variables)] : [],
    ),
    others: entries.flatMap(({ json, path: at }) => (isJsonObject(json) ? [] : [at])),
  };
}

/** One component as a card. */
export function makeCard(
  json: JsonObject,
  path: JsonPath,
  kind: ComponentKind | undefined,
  variables: Variables,
): ComponentCard {
  const isRef = typeof json.ref === 'string';
  const isOwn = typeof json.path === 'string';
  const file = typeof json.ts_path === 'string' ? 'exported model' : 'checkpoint';
  const isModelFile = componentName(json) === undefined && (hasText(json.ts_path) || hasText(json.ckpt_path));
  const name = isRef ? String(json.ref) : isModelFile ? file : (componentName(json) ?? '');
  const variable = typeof json.disabled === 'string' ? /^\{(\w+)\}$/.exec(json.disabled)?.[1] : undefined;
  return {
    path,
    name,
    json,
    spec: isRef || isOwn ? undefined : (findComponent(name, kind) ?? findComponent(name)),
    isOwn,
    isRef,
    isModelFile,
    isDisabled: json.disabled === true || (variable !== undefined && variables[variable] === true),
    ...(variable === undefined ? {} : { disabledBy: variable }),
  };
}

const hasText = (value: Json | undefined): boolean => typeof value === 'string';
