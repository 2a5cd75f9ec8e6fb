/** How a cell looks that is not plain text. */
export interface CellLook {
  /** Instead of the value's text. */
  readonly text?: string | undefined;
  /** Shown as a badge of this tone. */
  readonly tone?: BadgeTone | undefined;
  /** A dot that pulses before the text of a badge. */
  readonly isLive?: boolean | undefined;
  /** A bar before the text, filled by this share of it, 0 to 1. */
  readonly share?: number | undefined;
  readonly isStrong?: boolean | undefined;
  /** Longer explanation. A text that is cut off is shown whole without it. */
  readonly title?: string | undefined;
}

export type BadgeTone = 'neutral' | 'accent' | 'info' | 'ok' | 'warn' | 'error';

/** A column of a VirtualTable. */
export interface TableColumn<Row> {
  readonly key: string;
  readonly title: string;
  /** What sorting compares and, without a `cell` snippet, what is shown. undefined sorts last either way. */
  readonly value: (row: Row) => string | number | boolean | undefined;
  /** How the value is shown as text, e.g. with three digits. */
  readonly format?: (value: string | number | boolean, row: Row) => string;
  /** What a cell shows besides plain text. */
  readonly look?: (row: Row) => CellLook;
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

export function isMissing(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && Number.isNaN(value));
}

/** The order of two values: numbers by size, all else by its text, in which digits count as numbers. */
export function compareValues(a: string | number | boolean, b: string | number | boolean): number {
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
