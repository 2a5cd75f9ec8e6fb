import { compareValues, isMissing, type Sorting, type TableColumn } from './table-column.ts';

interface Entry<Row> {
  row: Row;
  readonly value: string | number | boolean | undefined;
  /** In the rows as they were given: what equal values keep. */
  readonly index: number;
  isGone: boolean;
}

/** Of more changes than this share, everything is sorted anew. */
const FEW = 0.25;

/**
 * Rows in the order of a column, while some of them change and others come: only those are put into their places anew, so ten
 * thousand rows are not sorted again for every piece of news.
 */
export class SortedRows<Row> {
  #sorting: Sorting | undefined;
  /** By the index of the rows as they were given. */
  #given: Entry<Row>[] = [];
  #sorted: Entry<Row>[] = [];

  /** As sortRows does it. */
  sort(
    rows: readonly Row[],
    columns: readonly TableColumn<Row>[],
    sorting: Sorting | undefined,
  ): readonly Row[] {
    const column = columns.find(({ key }) => key === sorting?.key);
    if (sorting === undefined || column === undefined) {
      this.#forget();
      return rows;
    }
    if (sorting.key !== this.#sorting?.key || sorting.descending !== this.#sorting.descending) this.#forget();
    this.#sorting = sorting;
    this.#take(rows, column, sorting.descending ? -1 : 1);
    return this.#sorted.map(({ row }) => row);
  }

  #forget(): void {
    this.#sorting = undefined;
    this.#given = [];
    this.#sorted = [];
  }

  #take(rows: readonly Row[], { value: read }: TableColumn<Row>, sign: 1 | -1): void {
    const changed: Entry<Row>[] = [];
    for (let index = rows.length; index < this.#given.length; index++) this.#given[index]!.isGone = true;
    const hasLost = this.#given.length > rows.length;
    this.#given.length = Math.min(this.#given.length, rows.length);
    rows.forEach((row, index) => {
      const known = this.#given[index];
      const value = read(row);
      if (known !== undefined && Object.is(known.value, value)) {
        known.row = row;
        return;
      }
      if (known !== undefined) known.isGone = true;
      changed.push((this.#given[index] = { row, value, index, isGone: false }));
    });
    if (changed.length === 0 && !hasLost) return;
    const compare = (a: Entry<Row>, b: Entry<Row>): number => compareEntries(a, b, sign);
    this.#sorted =
      changed.length > FEW * rows.length
        ? this.#given.toSorted(compare)
        : merge(
            this.#sorted.filter(({ isGone }) => !isGone),
            changed.sort(compare),
            compare,
          );
  }
}

function compareEntries<Row>(a: Entry<Row>, b: Entry<Row>, sign: 1 | -1): number {
  const missing = Number(isMissing(a.value)) - Number(isMissing(b.value));
  if (missing !== 0) return missing;
  const order = isMissing(a.value) ? 0 : sign * compareValues(a.value!, b.value!);
  return order === 0 ? a.index - b.index : order;
}

/** Two ordered lists as one. */
function merge<Item>(
  first: readonly Item[],
  second: readonly Item[],
  compare: (a: Item, b: Item) => number,
): Item[] {
  const merged: Item[] = [];
  let place = 0;
  for (const item of first) {
    while (place < second.length && compare(second[place]!, item) < 0) merged.push(second[place++]!);
    merged.push(item);
  }
  return [...merged, ...second.slice(place)];
}

/** The rows in the order of a column; equal ones keep theirs, missing values and NaN stand last. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] {
  return new SortedRows<Row>().sort(rows, columns, sorting);
}
