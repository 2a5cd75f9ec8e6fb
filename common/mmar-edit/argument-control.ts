import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** What an argument is edited with, told from the JSON Schema of its values. */
export type Control =
  | { readonly kind: 'switch' }
  | NumberControl
  | { readonly kind: 'choice'; readonly options: readonly Json[] }
  | { readonly kind: 'text' }
  | ListControl
  /** Values of several forms; the first that fits the value is shown. */
  | { readonly kind: 'either'; readonly options: readonly Control[] }
  /** Only null. */
  | { readonly kind: 'nothing' }
  /** Whatever the others do not fit. */
  | { readonly kind: 'json' };

export interface NumberControl {
  readonly kind: 'number';
  readonly isWhole: boolean;
  readonly min?: number;
  readonly max?: number;
  /** The bounds themselves are not allowed. */
  readonly isAboveMin?: boolean;
  readonly isBelowMax?: boolean;
}

export interface ListControl {
  readonly kind: 'list';
  readonly item: Control;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** The control for a schema (draft 2020-12, as zod writes it). */
export function controlOf(schema: JsonObject): Control {
  if (Array.isArray(schema.enum)) return choice(schema.enum as readonly Json[]);
  if (schema.const !== undefined) return choice([schema.const]);
  const branches = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(branches)) return either(branches as readonly Json[]);
  if (Array.isArray(schema.type)) return either(schema.type.map((type: Json) => ({ ...schema, type })));
  switch (schema.type) {
    case 'boolean':
      return { kind: 'switch' };
    case 'integer':
    case 'number':
      return number(schema);
    case 'string':
      return { kind: 'text' };
    case 'null':
      return { kind: 'nothing' };
    case 'array':
      return list(schema);
    default:
      return { kind: 'json' };
  }
}

function choice(options: readonly Json[]): Control {
  return options.length === 1 && options[0] === null ? { kind: 'nothing' } : { kind: 'choice', options };
}

/** Choices of all branches become one; what cannot be told apart is edited as JSON. */
function either(branches: readonly Json[]): Control {
  const controls = branches.map((branch) => (isJsonObject(branch) ? controlOf(branch) : JSON_CONTROL));
  const choices = controls.flatMap((control) => (control.kind === 'choice' ? control.options : []));
  const others = controls.filter(({ kind }) => kind !== 'choice');
  const merged: Control[] = [...(choices.length === 0 ? [] : [choice(choices)]), ...others];
  const distinct = [...new Map(merged.map((control) => [JSON.stringify(control), control])).values()];
  return distinct.length === 1 ? distinct[0]! : { kind: 'either', options: distinct };
}

const JSON_CONTROL: Control = { kind: 'json' };

function number(schema: JsonObject): NumberControl {
  const low = bound(schema.exclusiveMinimum) ?? bound(schema.minimum);
  const high = bound(schema.exclusiveMaximum) ?? bound(schema.maximum);
  return {
    kind: 'number',
    isWhole: schema.type === 'integer',
    ...(low === undefined ? {} : { min: low }),
    ...(high === undefined ? {} : { max: high }),
    ...(bound(schema.exclusiveMinimum) === undefined ? {} : { isAboveMin: true }),
    ...(bound(schema.exclusiveMaximum) === undefined ? {} : { isBelowMax: true }),
  };
}

/** Bounds that only say what a safe integer is are none. */
const bound = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;

function list({ items, prefixItems, minItems, maxItems }: JsonObject): Control {
  const size = {
    ...(typeof minItems === 'number' ? { minItems } : {}),
    ...(typeof maxItems === 'number' ? { maxItems } : {}),
  };
  if (Array.isArray(prefixItems)) {
    const controls = prefixItems.map((item: Json) => (isJsonObject(item) ? controlOf(item) : JSON_CONTROL));
    const isAlike = controls.every((control) => JSON.stringify(control) === JSON.stringify(controls[0]));
    if (!isAlike || controls[0] === undefined) return JSON_CONTROL;
    return { kind: 'list', item: controls[0], minItems: controls.length, maxItems: controls.length };
  }
  const item = isJsonObject(items) ? controlOf(items) : JSON_CONTROL;
  return { kind: 'list', item, ...size };
}

/** True for a value that the control can show. What it may be beyond that, such as a range, is said by the checks. */
export function fitsControl(control: Control, value: Json): boolean {
  switch (control.kind) {
    case 'switch':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number';
    case 'choice':
      return control.options.some((option) => JSON.stringify(option) === JSON.stringify(value));
    case 'text':
      return typeof value === 'string';
    case 'nothing':
      return value === null;
    case 'list':
      return Array.isArray(value) && value.every((item: Json) => fitsControl(control.item, item));
    case 'either':
      return control.options.some((option) => fitsControl(option, value));
    case 'json':
      return true;
  }
}

/** The control of several that shows a value; the first for a value that none fits. */
export function chooseControl(control: Control, value: Json | undefined): Control {
  if (control.kind !== 'either') return control;
  const fitting =
    value === undefined ? undefined : control.options.find((option) => fitsControl(option, value));
  return fitting ?? control.options.find(({ kind }) => kind !== 'nothing') ?? control.options[0]!;
}

/** A value that a control may begin with. */
export function startValue(control: Control): Json {
  switch (control.kind) {
    case 'switch':
      return false;
    case 'number': {
      const { min = 0, max, isAboveMin = false, isWhole } = control;
      if (!isAboveMin) return Math.min(Math.max(0, min), max ?? Number.POSITIVE_INFINITY);
      if (isWhole) return min + 1;
      return max === undefined ? min + 1 : (min + max) / 2;
    }
    case 'choice':
      return control.options[0] ?? null;
    case 'text':
      return '';
    case 'list':
      return Array.from({ length: control.minItems ?? 1 }, () => startValue(control.item));
    case 'either':
      return startValue(chooseControl(control, undefined));
    case 'nothing':
    case 'json':
      return null;
  }
}
