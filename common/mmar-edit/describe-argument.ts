import { z } from 'zod';
import type { ComponentSpec } from '../components/component-spec.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { describeSchema } from '../mmar/describe-schema.ts';
import { looksLikeExpression } from '../mmar/expressions.ts';
import { controlOf, type Control } from './argument-control.ts';

/** What a form and a tooltip say about an argument, or about any other named value. */
export interface ArgumentDescription {
  readonly name: string;
  readonly control: Control;
  readonly documentation: string;
  readonly isRequired: boolean;
  /** What holds when the config says nothing; undefined for nothing. */
  readonly default?: Json;
  /** What may be written, in words. */
  readonly allowed?: string;
  /** Filled with a reference or an expression (`@model`), never with a plain value. */
  readonly isWire: boolean;
}

const cache = new WeakMap<z.ZodObject, readonly ArgumentDescription[]>();

/** The arguments of a component in the order of its spec: required ones first as MONAI has them. */
export function describeArguments({ args }: Pick<ComponentSpec, 'args'>): readonly ArgumentDescription[] {
  return describeKeys(args);
}

/** The keys of an object schema. */
export function describeKeys(schema: z.ZodObject): readonly ArgumentDescription[] {
  const known = cache.get(schema);
  if (known !== undefined) return known;
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as JsonObject;
  const required: readonly Json[] = Array.isArray(json.required) ? json.required : [];
  const properties = isJsonObject(json.properties) ? json.properties : {};
  const described = Object.entries(properties).map(([name, property]) =>
    describe(name, isJsonObject(property) ? property : {}, required.includes(name), schema.shape[name]),
  );
  cache.set(schema, described);
  return described;
}

function describe(
  name: string,
  property: JsonObject,
  isRequired: boolean,
  schema: z.core.$ZodType | undefined,
): ArgumentDescription {
  const { description, default: fallback, ...form } = property;
  const control = controlOf(form);
  const allowed = schema === undefined ? undefined : describeSchema(schema as z.ZodType);
  return {
    name,
    control,
    documentation: typeof description === 'string' ? description : '',
    isRequired,
    isWire: Object.keys(form).length === 0,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

/** How a value of a config is meant: itself, a variable `{x}`, a reference `@x`, or Python that is recognised. */
export type ValueForm = 'plain' | 'variable' | 'reference' | 'expression';

export function formOfValue(value: Json | undefined): ValueForm {
  if (typeof value !== 'string') return 'plain';
  if (/^@\w+$/.test(value)) return 'reference';
  if (looksLikeExpression(value)) return 'expression';
  return /\{\w+\}/.test(value) ? 'variable' : 'plain';
}
