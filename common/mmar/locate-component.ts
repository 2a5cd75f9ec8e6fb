import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';

/** Whose part of a config a path leads into. */
export interface ComponentLocation {
  /** The innermost component on the way; undefined outside of any. */
  readonly component?: string;
  /** The argument of that component. */
  readonly argument?: string;
  /** True inside a disabled component, or under a key that begins with `_`: nothing there is ever used. */
  readonly ignored: boolean;
}

/** Follows a path through a config after substitution. */
export function locateComponent(json: Json, path: JsonPath): ComponentLocation {
  let value: Json | undefined = json;
  let component: string | undefined;
  let argument: string | undefined;
  let ignored = false;
  path.forEach((step, depth) => {
    if (isJsonObject(value)) {
      if (value.disabled === true || String(step).startsWith('_')) ignored = true;
      const name = componentName(value);
      if (name !== undefined) {
        component = name;
        argument = step === 'args' && path[depth + 1] !== undefined ? String(path[depth + 1]) : undefined;
      }
    }
    value = stepInto(value, step);
  });
  return {
    ...(component === undefined ? {} : { component }),
    ...(argument === undefined ? {} : { argument }),
    ignored,
  };
}

function stepInto(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)] as Json | undefined;
  return isJsonObject(value) ? value[String(step)] : undefined;
}

/** The class name of a component object, without alias; undefined for any other object. */
export function componentName(json: JsonObject): string | undefined {
  if (typeof json.path === 'string' && json.path.includes('.')) return json.path.split('.').at(-1);
  return typeof json.name === 'string' && json.name !== '' ? json.name.split('#')[0] : undefined;
}

/**
 * True for an object among arguments that describes a component to be built: it has a class and nothing besides, or
 * a class and `args`. `{"name": "ColorJitter", "brightness": 1}` is a plain object.
 */
export function looksLikeComponent(json: JsonObject): boolean {
  if (componentName(json) === undefined) return false;
  return isJsonObject(json.args) || Object.keys(json).every((key) => key === 'name' || key === 'path');
}
