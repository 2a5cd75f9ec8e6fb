import type { VisibleRange } from './visible-range.ts';

/** What a fixed number of row elements show: element `i % length` shows row `i`, so a row that stays in sight keeps its own. */
export interface PlacedRows {
  readonly places: readonly number[];
  /** All rows in sight and around it have their elements. */
  readonly isComplete: boolean;
}

export interface RowsAround {
  /** Rows of the table. */
  readonly count: number;
  /** Rows before and after those in sight that are wanted too. */
  readonly overscan: number;
  /** The direction of scrolling: rows there come first. */
  readonly ahead: 1 | -1;
  /** How many rows out of sight may be written now; those in sight always are. */
  readonly budget: number;
}

/**
 * Gives every row in sight its element, and as many of those around it as the budget allows, the nearest first. Elements that
 * are not needed go on to show what they did: out of sight that costs nothing.
 */
export function placeRows(
  places: readonly number[],
  visible: VisibleRange,
  { count, overscan, ahead, budget }: RowsAround,
): PlacedRows {
  const next = [...places];
  let written = 0;
  let left = budget;
  const place = (row: number): void => {
    next[row % next.length] = row;
    written++;
  };
  const isPlaced = (row: number): boolean => next[row % next.length] === row;
  for (let row = visible.from; row < visible.to; row++) if (!isPlaced(row)) place(row);
  let isComplete = true;
  for (let distance = 0; distance < overscan; distance++) {
    const around = [visible.to + distance, visible.from - 1 - distance];
    for (const row of ahead === 1 ? around : around.toReversed()) {
      if (row < 0 || row >= count || isPlaced(row)) continue;
      if (left-- > 0) place(row);
      else isComplete = false;
    }
  }
  return { places: written === 0 ? places : next, isComplete };
}
