import { intersect } from './merge-conditions.ts';
import type { Condition, Prl, SearchParameter } from './search-space.ts';

/** Parameters in an order in which parents come first, or why there is none. */
export type Ordered =
  | { readonly parameters: readonly SearchParameter[] }
  /** The PRLs of conditions that lead round in a circle. */
  | { readonly cycle: readonly Prl[] };

/** Puts parents before the parameters that depend on them, and leaves the order as it is otherwise. */
export function orderParameters(parameters: readonly SearchParameter[]): Ordered {
  const byPrl = new Map(parameters.map((parameter) => [parameter.prl, parameter]));
  const ordered = new Set<SearchParameter>();
  for (const parameter of parameters) {
    const cycle = visit(parameter, []);
    if (cycle !== undefined) return { cycle };
  }
  return { parameters: [...ordered] };

  function visit(parameter: SearchParameter, above: readonly Prl[]): readonly Prl[] | undefined {
    if (ordered.has(parameter)) return undefined;
    const start = above.indexOf(parameter.prl);
    if (start >= 0) return above.slice(start);
    for (const { parent } of parameter.conditions) {
      const next = byPrl.get(parent);
      const cycle = next === undefined ? undefined : visit(next, [...above, parameter.prl]);
      if (cycle !== undefined) return cycle;
    }
    ordered.add(parameter);
    return undefined;
  }
}

/** Parameters whose conditions, with those of their parents, contradict each other. Expects parents first. */
export function findNeverActive(parameters: readonly SearchParameter[]): readonly SearchParameter[] {
  const closures = new Map<Prl, readonly Condition[]>();
  return parameters.filter(({ prl, conditions }) => {
    const closure = [...conditions, ...conditions.flatMap(({ parent }) => closures.get(parent) ?? [])];
    closures.set(prl, closure);
    return [...intersect(closure).values()].some((values) => values.size === 0);
  });
}
