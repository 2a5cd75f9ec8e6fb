import type { Condition, Prl } from './search-space.ts';

/** All conditions at once, one entry per parent. */
export function intersect(conditions: readonly Condition[]): ReadonlyMap<Prl, ReadonlySet<number>> {
  const merged = new Map<Prl, ReadonlySet<number>>();
  for (const { parent, values } of conditions) {
    const before = merged.get(parent);
    merged.set(
      parent,
      before === undefined ? new Set(values) : new Set(values.filter((value) => before.has(value))),
    );
  }
  return merged;
}
