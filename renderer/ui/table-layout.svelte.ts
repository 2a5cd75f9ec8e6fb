import { untrack } from 'svelte';
import type { TableColumn } from './table-column.ts';

interface KeptLayout {
  readonly widths: Readonly<Record<string, number>>;
  /** Shown keys; undefined while the user has not chosen. */
  readonly shown?: readonly string[];
}

const defaultWidth = 128;
const smallestWidth = 48;

/** Which columns of a table are shown, and how wide: the user's choice, kept in the browser under `storageKey`. */
export class TableLayout<Row> {
  readonly #columns: () => readonly TableColumn<Row>[];
  readonly #storageKey: string | undefined;
  #kept = $state.raw<KeptLayout>({ widths: {} });

  readonly #shown = $derived.by(() =>
    this.#columns().filter(
      (column) =>
        column.isFixed === true || (this.#kept.shown?.includes(column.key) ?? column.isHidden !== true),
    ),
  );
  readonly #totalWidth = $derived(this.#shown.reduce((sum, column) => sum + this.width(column), 0));

  constructor(columns: () => readonly TableColumn<Row>[], storageKey: string | undefined) {
    this.#columns = columns;
    this.#storageKey = storageKey;
    if (storageKey !== undefined) this.#kept = readKept(localStorage.getItem(`table.${storageKey}`));
  }

  /** The columns on show, in their given order. */
  get shown(): readonly TableColumn<Row>[] {
    return this.#shown;
  }

  /** Pixels of all columns on show. */
  get totalWidth(): number {
    return this.#totalWidth;
  }

  width(column: TableColumn<Row>): number {
    return this.#kept.widths[column.key] ?? column.width ?? defaultWidth;
  }

  resize(column: TableColumn<Row>, width: number): void {
    const next = Math.round(Math.max(column.minWidth ?? smallestWidth, width));
    this.#keep({ ...this.#kept, widths: { ...this.#kept.widths, [column.key]: next } });
  }

  isShown(column: TableColumn<Row>): boolean {
    return this.#shown.includes(column);
  }

  show(column: TableColumn<Row>, isShown: boolean): void {
    const keys = this.#shown.map(({ key }) => key).filter((key) => key !== column.key);
    this.#keep({ ...this.#kept, shown: isShown ? [...keys, column.key] : keys });
  }

  /** Back to the columns and widths of the program. */
  reset(): void {
    this.#keep({ widths: {} });
  }

  #keep(layout: KeptLayout): void {
    this.#kept = layout;
    if (this.#storageKey !== undefined) {
      localStorage.setItem(`table.${this.#storageKey}`, JSON.stringify(untrack(() => layout)));
    }
  }
}

function readKept(text: string | null): KeptLayout {
  try {
    const kept = JSON.parse(text ?? '{}') as Partial<KeptLayout>;
    const widths = typeof kept.widths === 'object' && kept.widths !== null ? kept.widths : {};
    return { widths, ...(Array.isArray(kept.shown) ? { shown: kept.shown } : {}) };
  } catch {
    // What a browser keeps may be of an older program: the table then looks as at first.
    return { widths: {} };
  }
}
