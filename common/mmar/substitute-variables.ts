import type { Fault } from '../fault.ts';
import { isJsonObject, type Json, type JsonPath } from '../json.ts';
import { looksLikeExpression } from './expressions.ts';
import { formatString } from './format-string.ts';
import { suggestNames } from './nearest-names.ts';
import type { Variables } from './variables.ts';

/** A document with its variables filled in, and what could not be. */
export interface Substituted<T extends Json = Json> {
  readonly json: T;
  /** Each with `path`, without `file`. */
  readonly faults: readonly Fault[];
}

/**
 * Fills `{name}` in, in one pass over every string value (not keys).
 *
 * A string that is `{name}` as a whole becomes the variable's value with its type; inside a longer string the value
 * is written out as Python's `str.format` does. Strings that Clara would run as Python are left alone.
 *
 * Other than Clara, which makes null of an unknown `"{name}"`, an unknown name is a fault in both forms; the value is
 * null then.
 */
export function substituteVariables<T extends Json>(json: T, variables: Variables): Substituted<T> {
  const faults: Fault[] = [];
  const replaced = replace(json, []);
  return { json: replaced as T, faults };

  function replace(value: Json, path: JsonPath): Json {
    if (typeof value === 'string') return replaceText(value, path);
    if (Array.isArray(value)) return value.map((item: Json, index) => replace(item, [...path, index]));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, replace(item, [...path, key])]),
    );
  }

  function replaceText(text: string, path: JsonPath): Json {
    if (!/[{}]/.test(text) || looksLikeExpression(text)) return text;
    const whole = /^\{(\w+)\}$/.exec(text)?.[1];
    if (whole !== undefined) {
      if (Object.hasOwn(variables, whole)) return variables[whole]!;
      faults.push(unknownVariable(whole, path, variables));
      return null;
    }
    const formatted = formatString(text, variables);
    if ('text' in formatted) return formatted.text;
    faults.push(
      'unknownName' in formatted
        ? unknownVariable(formatted.unknownName, path, variables)
        : unsupportedField(formatted.unsupported, path),
    );
    return null;
  }
}

function unknownVariable(name: string, path: JsonPath, variables: Variables): Fault {
  return {
    code: 'unknown-variable',
    path,
    message: `The variable {${name}} is not set.${suggestNames(name, Object.keys(variables))}`,
    allowed: 'a first-level value of the config, a key of environment.json, or --set name=value',
  };
}

function unsupportedField(field: string, path: JsonPath): Fault {
  return {
    code: 'unknown-variable',
    path,
    message: `${JSON.stringify(field)} is no variable.`,
    allowed: '{name}, or {{ and }} for braces',
  };
}
