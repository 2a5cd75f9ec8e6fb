/** A column of a VirtualTable. */
export interface TableColumn<Row> {
  readonly key: string;
  readonly title: string;
  /** What sorting compares and, without a `cell` snippet, what is shown. undefined sorts last either way. */
  readonly value: (row: Row) => string | number | boolean | undefined;
  /** How the value is shown as text, e.g. with three digits. */
  readonly format?: (value: string | number | boolean, row: Row) => string;
  /** Pixels at the start; the user can change it. */
  readonly width?: number;
  readonly minWidth?: number;
  readonly align?: 'start' | 'end';
  readonly mono?: boolean;
  /** Longer explanation of the head. */
  readonly help?: string;
  readonly isSortable?: boolean;
  /** Not shown until it is chosen. */
  readonly isHidden?: boolean;
  /** Cannot be hidden. */
  readonly isFixed?: boolean;
}

export interface Sorting {
  readonly key: string;
  readonly descending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The rows in the order of a column; equal ones keep theirs, missing values and NaN stand last. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] {
  const column = columns.find(({ key }) => key === sorting?.key);
  if (sorting === undefined || column === undefined) return rows;
  const sign = sorting.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, value: column.value(row) }));
  const isMissing = (value: unknown): boolean =>
    value === undefined || (typeof value === 'number' && Number.isNaN(value));
  keyed.sort((a, b) => {
    if (isMissing(a.value) || isMissing(b.value))
      return Number(isMissing(a.value)) - Number(isMissing(b.value));
    return sign * compareValues(a.value!, b.value!);
  });
  return keyed.map(({ row }) => row);
}

function compareValues(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

/** The sorting after a click on a head: ascending, descending, none. */
export function nextSorting(current: Sorting | undefined, key: string): Sorting | undefined {
  if (current?.key !== key) return { key, descending: false };
  return current.descending ? undefined : { key, descending: true };
}

/** What a cell without a snippet says. */
export function cellText<Row>(column: TableColumn<Row>, row: Row): string {
  const value = column.value(row);
  if (value === undefined) return '–';
  return column.format?.(value, row) ?? String(value);
}
