import type { Icon } from './action.ts';

/** One choice of a Select, Combobox, Segmented or Tabs. */
export interface Option<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
  /** Smaller, after the label. */
  readonly note?: string;
  readonly icon?: Icon;
  /** Options of one group stand together under its name. */
  readonly group?: string;
  readonly disabled?: boolean;
}

/** Options in the order of their groups' first appearance. */
export function groupOptions<O extends Option>(
  options: readonly O[],
): readonly { readonly group: string | undefined; readonly options: readonly O[] }[] {
  const groups = new Map<string | undefined, O[]>();
  for (const option of options) {
    const group = groups.get(option.group);
    if (group === undefined) groups.set(option.group, [option]);
    else group.push(option);
  }
  return [...groups].map(([group, members]) => ({ group, options: members }));
}

/** The options whose label or note holds every word of the query, those that begin with it first. */
export function filterOptions<O extends Option>(options: readonly O[], query: string): readonly O[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return options;
  const found = options.filter((option) => {
    const text = `${option.label} ${option.note ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const starts = (option: O): number => (option.label.toLowerCase().startsWith(words[0]!) ? 0 : 1);
  return found.toSorted((a, b) => starts(a) - starts(b));
}
