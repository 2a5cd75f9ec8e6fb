import type { Place } from './find-places.ts';
import { intersect } from './merge-conditions.ts';
import type { Source } from './name-table.ts';
import type { ReadItem } from './read-item.ts';
import type { Condition, Prl } from './search-space.ts';

/**
 * The conditions that follow from switches: a searched value matters only while a component that it goes to is
 * enabled. So an item in a component whose `@disabled` is searched, or driven by an alias, is active only for the
 * choices that enable the component; with several such places, while one of them is enabled.
 */
export function deriveConditions(
  items: readonly ReadItem[],
  places: readonly Place[],
): ReadonlyMap<ReadItem, readonly Condition[]> {
  const switches = new Map(
    places
      .filter(({ path, component }) => isSwitch(path, component))
      .map((place) => [keyOf(place.path), place.source]),
  );
  return new Map(items.map((item) => [item, deriveFor(item)]));

  function deriveFor(item: ReadItem): readonly Condition[] {
    const [first, ...rest] = places.filter(({ source }) => source.item === item).map(conditionsOfPlace);
    if (first === undefined) return [];
    // Only a parent that switches every place can make the item idle.
    return [...first].flatMap(([parent, values]) => {
      const others = rest.map((conditions) => conditions.get(parent));
      if (parent === item.parameter?.prl || others.includes(undefined)) return [];
      const all = new Set([...values, ...others.flatMap((set) => [...set!])]);
      return [{ parent, values: [...all].sort((a, b) => a - b) }];
    });
  }

  function conditionsOfPlace({ path, component }: Place): ReadonlyMap<Prl, ReadonlySet<number>> {
    const enclosing = isSwitch(path, component) ? component?.inside : component;
    const conditions: Condition[] = [];
    for (let around = enclosing; around !== undefined; around = around.inside) {
      const condition = enabling(switches.get(keyOf([...around.path, 'disabled'])));
      if (condition !== undefined) conditions.push(condition);
    }
    return intersect(conditions);
  }
}

function isSwitch(path: Place['path'], component: Place['component']): boolean {
  return component !== undefined && path.length === component.path.length + 1 && path.at(-1) === 'disabled';
}

/** The choices that leave a component enabled; undefined when all do. */
function enabling(driver: Source | undefined): Condition | undefined {
  const parameter = driver?.item.parameter;
  if (driver === undefined || parameter === undefined || !('choices' in parameter)) return undefined;
  const values = parameter.choices.flatMap((choice, index) =>
    choice[driver.column] === true ? [] : [index],
  );
  return values.length === parameter.choices.length ? undefined : { parent: parameter.prl, values };
}

/** A path as the key of a map. */
const keyOf = (path: readonly (string | number)[]): string => JSON.stringify(path);
