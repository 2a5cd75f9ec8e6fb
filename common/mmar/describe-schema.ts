import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** What a schema accepts, in words: `a whole number from 1`, `"mean" or "sum"`; undefined where that cannot be said. */
export function describeSchema(schema: z.ZodType): string | undefined {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as JsonObject;
  return describe(json);
}

function describe(json: JsonObject): string | undefined {
  if (Array.isArray(json.enum)) return joinWords(json.enum.map((value: Json) => JSON.stringify(value)));
  if (json.const !== undefined) return JSON.stringify(json.const);
  const branches = json.anyOf ?? json.oneOf;
  if (Array.isArray(branches)) return describeBranches(branches);
  if (Array.isArray(json.type)) return describeBranches(json.type.map((type: Json) => ({ ...json, type })));
  switch (json.type) {
    case 'integer':
      return `a whole number${describeRange(json)}`;
    case 'number':
      return `a number${describeRange(json)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'a string';
    case 'null':
      return 'null';
    case 'object':
      return 'an object';
    case 'array':
      return describeList(json);
    default:
      return undefined;
  }
}

function describeBranches(branches: readonly Json[]): string | undefined {
  const words = branches.map((branch) => (isJsonObject(branch) ? describe(branch) : undefined));
  return words.every((word) => word !== undefined) ? joinWords([...new Set(words)]) : undefined;
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}

/** Bounds that only say what a safe integer is are left out. */
function describeRange({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonObject): string {
  const parts = [
    isBound(minimum) ? `from ${minimum}` : '',
    isBound(exclusiveMinimum) ? `above ${exclusiveMinimum}` : '',
    isBound(maximum) ? `up to ${maximum}` : '',
    isBound(exclusiveMaximum) ? `below ${exclusiveMaximum}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`;
}

const isBound = (bound: Json | undefined): bound is number =>
  typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

function describeList({ prefixItems, items, minItems, maxItems }: JsonObject): string {
  if (Array.isArray(prefixItems)) return `a list of ${prefixItems.length}`;
  const least = typeof minItems === 'number' ? minItems : 0;
  const most = typeof maxItems === 'number' ? maxItems : undefined;
  const count =
    most === undefined
      ? least > 1
        ? ` of at least ${least}`
        : ''
      : ` of ${least === most ? least : `${least} to ${most}`}`;
  const item = isJsonObject(items) ? describe(items) : undefined;
  return item === undefined ? `a list${count}` : `a list${count} (each ${item})`;
}
