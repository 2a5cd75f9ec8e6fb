import { findComponent } from '../components/catalogue.ts';
import type { ComponentKind, ComponentSpec } from '../components/component-spec.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { KIND_OF_SLOT } from '../mmar/check-components.ts';
import { componentName } from '../mmar/locate-component.ts';
import { AUTOML_KINDS } from './outline-config.ts';
import { stepIntoValue } from './step-into-value.ts';

/** Which component of a config a path leads into. */
export interface ComponentPlace {
  readonly component: JsonObject;
  /** Where it stands. */
  readonly path: JsonPath;
  /** The rest of the path, from the component on: `['args', 'prob']`. */
  readonly inside: JsonPath;
  /** What its slot holds. */
  readonly kind: ComponentKind | undefined;
  readonly spec: ComponentSpec | undefined;
}

/** Keys below which nothing is a component of the config. */
const NO_COMPONENTS: ReadonlySet<string | number> = new Set(['search', 'apply']);

/**
 * The innermost component around a path; also an object in a slot that has no name yet.
 *
 * @param isAutoml the config is a config_automl, whose handlers are others than those of a training
 */
export function findComponentPlace(
  config: Json,
  path: JsonPath,
  isAutoml = false,
): ComponentPlace | undefined {
  let found: ComponentPlace | undefined;
  let value: Json | undefined = config;
  for (let depth = 0; depth <= path.length; depth++) {
    const at = path.slice(0, depth);
    if (at.length > 0 && NO_COMPONENTS.has(at.at(-1)!)) return found;
    if (isJsonObject(value) && depth > 0) {
      const kind = kindAt(at, isAutoml);
      const name = componentName(value);
      const isNested = found !== undefined && name !== undefined && isJsonObject(value.args);
      if (kind !== undefined || isNested || (name !== undefined && found === undefined)) {
        const spec =
          name === undefined || typeof value.path === 'string'
            ? undefined
            : (findComponent(name, kind) ?? findComponent(name));
        found = { component: value, path: at, inside: path.slice(depth), kind, spec };
      }
    }
    value = depth === path.length ? undefined : stepIntoValue(value, path[depth]!);
  }
  return found;
}

/** The kind of what stands at a path: `train.model`, `train.handlers[2]`, `model`. */
export function kindAt(path: JsonPath, isAutoml: boolean): ComponentKind | undefined {
  const names = typeof path.at(-1) === 'number' ? path.slice(0, -1) : path;
  const slot = String(names.at(-1));
  const kinds = isAutoml ? AUTOML_KINDS : KIND_OF_SLOT;
  const isSlot =
    names.length === 1 || (names.length === 2 && (names[0] === 'train' || names[0] === 'validate'));
  return isSlot && Object.hasOwn(kinds, slot) ? kinds[slot] : undefined;
}
