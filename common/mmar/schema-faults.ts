import type { z } from 'zod';
import type { Fault } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath, type JsonStep } from '../json.ts';
import { describeSchema } from './describe-schema.ts';
import { isExpression, isReference } from './resolved-config.ts';
import { suggestNames } from './nearest-names.ts';

type Issue = z.core.$ZodIssue;

/** Where the checked value stands. */
export interface SchemaPlace {
  readonly file?: string;
  /** Path of the checked value. */
  readonly path: JsonPath;
  readonly component?: string;
  /** Set when the checked value is one argument; else the first step inside the value names the argument. */
  readonly argument?: string;
  /** Names that would be known, for suggestions; those of `shape` when left out. */
  readonly known?: readonly string[];
  /** The schemas of the checked object's entries: faults then say all that an entry may be, not only the bound it broke. */
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

/** What a schema found wrong, as faults. `safeParse` has to run with `reportInput`, so that values can be shown. */
export function faultsOfIssues(error: z.ZodError, place: SchemaPlace): readonly Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, place));
}

function faultsOfIssue(issue: Issue, place: SchemaPlace): readonly Fault[] {
  const inside = issue.path.map((step): JsonStep => (typeof step === 'symbol' ? String(step) : step));
  const at = { ...place, inside };
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, at));
  if (issue.code === 'custom') return [fault('wrong-argument', sentence(issue.message), undefined, at)];
  if ('discriminator' in issue && typeof issue.discriminator === 'string') return [unknownVariant(issue, at)];
  const allowed = describeEntry(at) ?? describeExpected(issue);
  if ((issue.code === 'invalid_type' || issue.code === 'invalid_union') && issue.input === undefined) {
    return [fault('missing-argument', `${describeTarget(inside, place)} is missing.`, allowed, at)];
  }
  return [fault('wrong-argument', `${describeValue(issue.input)} does not fit.`, allowed, at)];
}

/** One of several kinds of object is meant, told by one key, and the key names none of them. */
function unknownVariant(issue: Extract<Issue, { discriminator?: string }>, at: Location): Fault {
  const { discriminator = '', input } = issue;
  const found = isJsonObject(input as Json) ? (input as JsonObject)[discriminator] : undefined;
  const allowed =
    'options' in issue && Array.isArray(issue.options) ? issue.options.map(describeValue).join(', ') : '';
  return found === undefined
    ? fault('missing-argument', `The key ${JSON.stringify(discriminator)} is missing.`, allowed, at)
    : fault('wrong-argument', `${describeValue(found)} does not fit.`, allowed, at);
}

/** What a whole entry may be; undefined for a place deeper inside. */
function describeEntry({ inside, shape }: Location): string | undefined {
  const schema = inside.length === 1 ? shape?.[String(inside[0])] : undefined;
  return schema === undefined ? undefined : describeSchema(schema);
}

interface Location extends SchemaPlace {
  readonly inside: JsonPath;
}

function fault(code: Fault['code'], message: string, allowed: string | undefined, at: Location): Fault {
  const argument =
    at.argument ?? (at.component !== undefined && at.inside.length > 0 ? String(at.inside[0]) : undefined);
  return {
    code,
    message,
    ...(at.file === undefined ? {} : { file: at.file }),
    path: [...at.path, ...at.inside],
    ...(at.component === undefined ? {} : { component: at.component }),
    ...(argument === undefined ? {} : { argument }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

function unknownKey(key: string, at: Location): Fault {
  const known = at.inside.length === 0 ? (at.known ?? Object.keys(at.shape ?? {})) : [];
  const allowed = known.length === 0 ? undefined : known.join(', ');
  const inside = [...at.inside, key];
  return fault(
    'unknown-argument',
    `There is no ${JSON.stringify(key)} here.${suggestNames(key, known)}`,
    allowed,
    { ...at, inside },
  );
}

function describeTarget(inside: JsonPath, place: SchemaPlace): string {
  const last = inside.at(-1);
  if (last === undefined) return 'The value';
  return place.component === undefined
    ? `The key ${JSON.stringify(last)}`
    : `The argument ${JSON.stringify(last)}`;
}

/** What the issue would have accepted, in words. */
export function describeExpected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWord(issue.expected);
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(', ');
    case 'too_small':
      return describeBound(issue.inclusive === false ? 'more than' : 'at least', issue.minimum, issue.origin);
    case 'too_big':
      return describeBound(issue.inclusive === false ? 'less than' : 'at most', issue.maximum, issue.origin);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return [...new Set(issue.errors.flatMap((branch) => branch.slice(0, 1)).map(describeBranch))].join(
        ', or ',
      );
    default:
      return issue.message;
  }
}

function describeBranch(issue: Issue): string {
  const inside = issue.path.length === 0 ? '' : `at ${issue.path.map(String).join('.')}: `;
  return `${inside}${issue.code === 'custom' ? issue.message : describeExpected(issue)}`;
}

function describeBound(relation: string, bound: number | bigint, origin: string): string {
  const unit = origin === 'array' ? ' items' : origin === 'string' ? ' characters' : '';
  return `${relation} ${bound}${unit}`;
}

function typeWord(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    int: 'a whole number',
    number: 'a number',
    string: 'a string',
    boolean: 'true or false',
    array: 'a list',
    tuple: 'a list',
    object: 'an object',
    record: 'an object',
    null: 'null',
  };
  return words[expected] ?? expected;
}

/** A value as a message shows it: short, and as the config wrote it. */
export function describeValue(value: unknown): string {
  if (isReference(value)) return JSON.stringify(`@${value.name}`);
  if (isExpression(value)) return 'An expression';
  const text = JSON.stringify(value) ?? 'Nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
