import { untrack } from 'svelte';
import { placeRows } from './place-rows.ts';
import { visibleRange } from './visible-range.ts';

const OVERSCAN = 8;
/** Rows out of sight that are written in one frame: those in sight must not wait for them. */
const AHEAD_PER_FRAME = 3;

/** What the rows of a table depend on. Lengths in pixels. */
export interface TableExtent {
  readonly count: number;
  readonly rowHeight: number;
  /** Without the head. */
  readonly viewportHeight: number;
}

/** The rows of a table that are in the page: a fixed number of elements, which show other rows while one scrolls. */
export class TableRows {
  readonly #extent: () => TableExtent;
  #places = $state.raw<readonly number[]>([]);
  #scrollTop = 0;
  #ahead: 1 | -1 = 1;
  #frame = 0;

  /** To be made while a component is. @param extent is followed as long as that lives */
  constructor(extent: () => TableExtent) {
    this.#extent = extent;
    $effect.pre(() => {
      void extent();
      untrack(() => this.#place(Infinity));
    });
    $effect(() => () => cancelAnimationFrame(this.#frame));
  }

  /** The row that each element shows; some stand after the last row. */
  get places(): readonly number[] {
    return this.#places;
  }

  /** Whether an element shows the row. */
  has(row: number): boolean {
    return row >= 0 && this.#places[row % this.#places.length] === row;
  }

  /** Shows the rows of another place in the next frame, however many events come before it. */
  follow(viewport: { readonly scrollTop: number }): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { scrollTop } = viewport;
      if (scrollTop !== this.#scrollTop) this.#ahead = scrollTop > this.#scrollTop ? 1 : -1;
      this.#scrollTop = scrollTop;
      if (!this.#place(AHEAD_PER_FRAME)) this.follow(viewport);
    });
  }

  /** Whether all rows that are wanted have their elements now. */
  #place(budget: number): boolean {
    const { count, rowHeight, viewportHeight } = this.#extent();
    const inSight = Math.ceil(Math.max(0, viewportHeight) / rowHeight) + 1;
    const places = inSight + 2 * OVERSCAN;
    const known =
      this.#places.length === places ? this.#places : Array.from({ length: places }, (_, row) => row);
    const visible = visibleRange(count, rowHeight, this.#scrollTop, viewportHeight, 0);
    const around = { count, overscan: OVERSCAN, ahead: this.#ahead, budget };
    const placed = placeRows(known, visible, around);
    this.#places = placed.places;
    return placed.isComplete;
  }
}
