import { describe, expect, it } from 'vitest';
import { makeSeededRandom } from '../../../common/random/seeded-random.ts';
import { placeRows } from '../../../renderer/ui/place-rows.ts';
import { SortedRows } from '../../../renderer/ui/sorted-rows.ts';
import type { Sorting, TableColumn } from '../../../renderer/ui/table-column.ts';

describe('the elements of rows', () => {
  const places = Array.from({ length: 10 }, (_, row) => row);
  const around = { count: 100, overscan: 3, ahead: 1, budget: Infinity } as const;
  const visible = { from: 50, to: 54 };

  it('show all rows in sight and those around them', () => {
    const placed = placeRows(places, visible, around);
    expect(placed.isComplete).toBe(true);
    expect(placed.places.toSorted()).toEqual([47, 48, 49, 50, 51, 52, 53, 54, 55, 56]);
    placed.places.forEach((row, element) => expect(row % 10).toBe(element));
  });

  it('show those in sight whatever the budget is, and those ahead first', () => {
    const down = placeRows(places, visible, { ...around, budget: 1 });
    expect(down.isComplete).toBe(false);
    expect(down.places.filter((row) => row >= 10).toSorted()).toEqual([50, 51, 52, 53, 54]);
    const up = placeRows(places, visible, { ...around, ahead: -1, budget: 1 });
    expect(up.places.filter((row) => row >= 10).toSorted()).toEqual([49, 50, 51, 52, 53]);
    expect(placeRows(down.places, visible, { ...around, budget: 9 }).isComplete).toBe(true);
  });

  it('keep the rows that stay in sight', () => {
    const { places: before } = placeRows(places, visible, around);
    const { places: after } = placeRows(before, { from: 52, to: 56 }, around);
    expect(after.filter((row, element) => row !== before[element])).toHaveLength(2);
    expect(placeRows(after, { from: 52, to: 56 }, around).places).toBe(after);
  });

  it('ask for no row before the first or after the last', () => {
    const first = placeRows(places, { from: 0, to: 4 }, around);
    expect([first.isComplete, first.places]).toEqual([true, places]);
    const last = placeRows(places, { from: 96, to: 100 }, around);
    expect([last.isComplete, Math.max(...last.places)]).toEqual([true, 99]);
  });
});

describe('rows that are kept in order', () => {
  interface Row {
    readonly name: string;
    readonly score: number | undefined;
  }
  const columns: readonly TableColumn<Row>[] = [
    { key: 'name', title: 'Name', value: ({ name }) => name },
    { key: 'score', title: 'Score', value: ({ score }) => score },
  ];

  it.each([false, true])('are those of a new sort after any change, descending %s', (descending) => {
    const { uniform } = makeSeededRandom(7);
    const sorting: Sorting = { key: 'score', descending };
    const scoreOf = (): number | undefined => {
      const drawn = uniform();
      return drawn < 0.1 ? undefined : drawn < 0.15 ? Number.NaN : Math.floor(drawn * 20);
    };
    const order = new SortedRows<Row>();
    let rows: readonly Row[] = [];
    for (let step = 0; step < 60; step++) {
      const kept = step % 17 === 16 ? rows.slice(0, rows.length / 2) : rows;
      const changed = kept.map((row) => (uniform() < 0.05 ? { ...row, score: scoreOf() } : row));
      const added = Array.from({ length: 5 }, (_, index) => ({
        name: `J${step}_${index}`,
        score: scoreOf(),
      }));
      rows = [...changed, ...added];
      expect(order.sort(rows, columns, sorting)).toEqual(new SortedRows<Row>().sort(rows, columns, sorting));
    }
  });

  it('follow another column, and none', () => {
    const order = new SortedRows<Row>();
    const rows = [
      { name: 'J2', score: 1 },
      { name: 'J10', score: 2 },
      { name: 'J1', score: 2 },
    ];
    const names = (sorting: Sorting | undefined): readonly string[] =>
      order.sort(rows, columns, sorting).map(({ name }) => name);
    expect(names({ key: 'name', descending: false })).toEqual(['J1', 'J2', 'J10']);
    expect(names({ key: 'score', descending: true })).toEqual(['J10', 'J1', 'J2']);
    expect(names({ key: 'gone', descending: true })).toEqual(['J2', 'J10', 'J1']);
    expect(names(undefined)).toEqual(['J2', 'J10', 'J1']);
  });
});
