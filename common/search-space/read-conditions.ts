import type { Fault } from '../fault.ts';
import type { Json } from '../json.ts';
import { suggestNames } from '../mmar/nearest-names.ts';
import { jsonEqual } from './json-equal.ts';
import type { NameTable, Source } from './name-table.ts';
import type { ReadContext, ReadItem } from './read-item.ts';
import { stripAt } from './search-item.ts';
import type { Condition, SearchParameter } from './search-space.ts';

/** What `when` refers to: one arg of an item, or the item as a whole when it is named by its PRL. */
interface Parent {
  readonly parameter: SearchParameter;
  readonly column: number | undefined;
}

/** Reads the `when` of an item. Every fault is reported. */
export function readConditions(
  item: ReadItem,
  items: readonly ReadItem[],
  names: NameTable,
  context: ReadContext,
): readonly Condition[] {
  return Object.entries(item.when).flatMap(([name, wanted]) => {
    const report = (message: string, allowed: string): readonly Condition[] => {
      context.report(conditionFault(item, name, message, allowed, context));
      return [];
    };
    const found = findParent(name, item, items, names);
    if (found === undefined) {
      const known = [...localNames(item, items).keys(), ...names.keys()];
      return report(
        `The condition names "${name}", which is not searched.${suggestNames(name, known)}`,
        `${known.join(', ') || 'nothing: there is no other item'}, or a PRL`,
      );
    }
    if (found.item === item) return report('The condition names its own item.', 'another item');
    const { parameter } = found.item;
    // What is wrong with the other item has been reported there.
    if (parameter === undefined) return [];
    if (parameter.type === 'float') return report('A float cannot be a condition.', 'an enum, bool or int');
    const values = matchValues({ parameter, column: found.column }, wanted);
    if ('unknown' in values)
      return report(
        `"${name}" is never ${JSON.stringify(values.unknown)}.`,
        describeValues({ parameter, column: found.column }),
      );
    return [{ parent: parameter.prl, values: values.matched }];
  });
}

function conditionFault(
  item: ReadItem,
  name: string,
  message: string,
  allowed: string,
  { file }: ReadContext,
): Fault {
  return {
    code: 'search-condition',
    file,
    path: [...item.path, 'when', name],
    ...(item.owner === undefined ? {} : { component: item.owner.name }),
    message,
    allowed,
  };
}

/** Nearest first: an arg of the same component, then an alias, free or first-level name, then a PRL. */
function findParent(
  name: string,
  item: ReadItem,
  items: readonly ReadItem[],
  names: NameTable,
): { readonly item: ReadItem; readonly column: number | undefined } | undefined {
  const named: Source | undefined = localNames(item, items).get(name) ?? names.get(stripAt(name));
  if (named !== undefined) return named;
  const byPrl = items.find(({ parameter }) => parameter?.prl === name);
  return byPrl === undefined ? undefined : { item: byPrl, column: undefined };
}

/** What else is searched in the item's own component. */
function localNames(item: ReadItem, items: readonly ReadItem[]): ReadonlyMap<string, Source> {
  if (item.owner === undefined) return new Map();
  const siblings = items.filter(({ owner }) => owner === item.owner);
  return new Map(
    siblings.flatMap((sibling) =>
      sibling.names.map(({ name }, column) => [name, { item: sibling, column }] as const),
    ),
  );
}

/**
 * The parent's values that a condition means. `wanted` is one value or a list of values; a list that is itself one of
 * the parent's choices means that choice.
 */
function matchValues(
  parent: Parent,
  wanted: Json,
): { readonly matched: readonly number[] } | { readonly unknown: Json } {
  const whole = matchValue(parent, wanted);
  if (whole.length > 0) return { matched: whole };
  if (!Array.isArray(wanted) || wanted.length === 0) return { unknown: wanted };
  const each = wanted.map((value: Json) => ({ value, matched: matchValue(parent, value) }));
  const unknown = each.find(({ matched }) => matched.length === 0);
  if (unknown !== undefined) return { unknown: unknown.value };
  return { matched: [...new Set(each.flatMap(({ matched }) => matched))].sort((a, b) => a - b) };
}

function matchValue({ parameter, column }: Parent, value: Json): readonly number[] {
  if (parameter.type === 'float') return [];
  if (parameter.type === 'int') {
    const { min, max, step } = parameter;
    const fits = typeof value === 'number' && value >= min && value <= max && (value - min) % step === 0;
    return fits ? [value] : [];
  }
  return parameter.choices.flatMap((choice, index) =>
    jsonEqual(valueOf(choice, column), value) ? [index] : [],
  );
}

function valueOf(choice: readonly Json[], column: number | undefined): Json {
  if (column !== undefined) return choice[column]!;
  return choice.length === 1 ? choice[0]! : choice;
}

function describeValues({ parameter, column }: Parent): string {
  if (!('choices' in parameter)) return `whole numbers from ${parameter.min} to ${parameter.max}`;
  return parameter.choices.map((choice) => JSON.stringify(valueOf(choice, column))).join(', ');
}
