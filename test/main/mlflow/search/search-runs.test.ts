import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../../common/mlflow/entities.ts';
import { makeStore } from '../make-store.ts';

const KEYS = ['a', 'b', 'my key'];
const TEXTS = ['x', 'X', 'xy', '', "it's", '10%'];
const NUMBERS = [0, 1, -1, 0.5, NaN, Infinity];

const someRun = fc.record({
  start: fc.integer({ min: 1, max: 5 }),
  params: fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...TEXTS)),
  tags: fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...TEXTS)),
  metrics: fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...NUMBERS)),
});

/** A filter, and what it means. */
const someFilter = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('params', 'tags'),
      fc.constantFrom(...KEYS),
      fc.constantFrom('=', '!=', 'LIKE', 'ILIKE'),
      fc.constantFrom(...TEXTS, 'x%', '_'),
    )
    .map(([kind, key, comparator, text]) => ({
      filter: `${kind}.\`${key}\` ${comparator} "${text}"`,
      fits: (run: Run) =>
        run.data[kind as 'params' | 'tags'].some(
          (item) => item.key === key && compareText(item.value, comparator, text),
        ),
    })),
  fc
    .tuple(
      fc.constantFrom(...KEYS),
      fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      fc.constantFrom(0, 0.5, 1, -1, 2),
    )
    .map(([key, comparator, number]) => ({
      filter: `metrics.\`${key}\` ${comparator} ${number}`,
      fits: (run: Run) =>
        run.data.metrics.some((item) => item.key === key && compareNumber(item.value, comparator, number)),
    })),
  fc
    .tuple(fc.constantFrom('params', 'tags'), fc.constantFrom(...KEYS), fc.boolean())
    .map(([kind, key, isNot]) => ({
      filter: `${kind}.\`${key}\` IS ${isNot ? 'NOT ' : ''}NULL`,
      fits: (run: Run) => run.data[kind as 'params' | 'tags'].some((item) => item.key === key) === isNot,
    })),
  fc.integer({ min: 0, max: 6 }).map((time) => ({
    filter: `attributes.start_time > ${time}`,
    fits: (run: Run) => run.info.start_time > time,
  })),
);

function compareText(value: string, comparator: string, wanted: string): boolean {
  if (comparator === '=') return value === wanted;
  if (comparator === '!=') return value !== wanted;
  const pattern = wanted
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${pattern}$`, comparator === 'ILIKE' ? 'is' : 's').test(value);
}

function compareNumber(value: number, comparator: string, wanted: number): boolean {
  if (comparator === '=') return value === wanted;
  if (comparator === '!=') return value !== wanted;
  if (comparator === '<') return value < wanted;
  if (comparator === '<=') return value <= wanted;
  return comparator === '>' ? value > wanted : value >= wanted;
}

describe('a search of runs', () => {
  it('finds what fits and nothing else, whatever the runs and the filter', () => {
    fc.assert(
      fc.property(
        fc.array(someRun, { maxLength: 6 }),
        fc.array(someFilter, { minLength: 1, maxLength: 3 }),
        (runs, filters) => {
          const store = makeStore();
          const experiment = store.experiments.create({ name: 'e' });
          for (const { start, params, tags, metrics } of runs) {
            const toList = (record: Record<string, string>) =>
              Object.entries(record).map(([key, value]) => ({ key, value }));
            const { info } = store.runs.create({ experiment_id: experiment, start_time: start });
            store.runs.logBatch({
              run_id: info.run_id,
              params: toList(params),
              tags: toList(tags),
              metrics: Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: 1 })),
            });
          }
          const all = store.runs.search({ experiment_ids: [experiment] }).items;
          const filter = filters.map((one) => one.filter).join(' AND ');
          const found = store.runs.search({ experiment_ids: [experiment], filter }).items;
          const wanted = all.filter((run) => filters.every(({ fits }) => fits(run)));
          expect(found.map(({ info }) => info.run_id)).toEqual(wanted.map(({ info }) => info.run_id));
          store.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('puts runs in order, those without the value and with NaN last, and pages through them without loss', () => {
    const store = makeStore();
    const experiment = store.experiments.create({ name: 'e' });
    for (const [name, loss] of [
      ['one', 1],
      ['none', undefined],
      ['nan', NaN],
      ['two', 2],
      ['half', 0.5],
    ] as const) {
      const { info } = store.runs.create({ experiment_id: experiment, run_name: name, start_time: 5 });
      if (loss !== undefined) store.runs.logMetric(info.run_id, { key: 'loss', value: loss, timestamp: 1 });
    }
    const read = (order_by: string[], max_results: number): string[] => {
      const names: string[] = [];
      for (let token: string | undefined = ''; token !== undefined;) {
        const page = store.runs.search({
          experiment_ids: [experiment],
          order_by,
          max_results,
          page_token: token,
        });
        names.push(...page.items.map(({ info }) => info.run_name));
        token = page.token;
      }
      return names;
    };
    expect(read(['metrics.loss'], 2)).toEqual(['half', 'one', 'two', 'nan', 'none']);
    expect(read(['metrics.loss DESC'], 100)).toEqual(['two', 'one', 'half', 'nan', 'none']);
    expect(read(['attributes.run_name DESC'], 3)).toEqual(['two', 'one', 'none', 'nan', 'half']);
    expect(() => read(['metrics.loss', 'metrics.loss'], 1)).toThrow('duplicate fields');
    expect(() => read(['metrics.loss SIDEWAYS'], 1)).toThrow('Invalid ordering key');
    expect(() => read(['a b c'], 1)).toThrow('Could not be parsed');
    expect(() => read([''], 1)).toThrow('Could not be parsed');
    expect(() => store.runs.search({ experiment_ids: [experiment], page_token: '§' })).toThrow(
      'Invalid page token',
    );
    expect(() => store.runs.search({ experiment_ids: [experiment], max_results: 50_001 })).toThrow(
      'at most 50000',
    );
  });
});
