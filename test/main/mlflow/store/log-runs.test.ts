import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStore } from '../make-store.ts';

function makeRun() {
  const store = makeStore();
  const experiment = store.experiments.create({ name: 'e' });
  const run = store.runs.create({ experiment_id: experiment, run_name: 'r', start_time: 7 }).info.run_id;
  return { store, experiment, run };
}

const somePoint = fc.record({
  key: fc.constantFrom('a', 'b'),
  value: fc.constantFrom(0, 1, -2.5, NaN, Infinity, -Infinity, 1e-300),
  timestamp: fc.integer({ min: 0, max: 4 }),
  step: fc.integer({ min: -2, max: 3 }),
});
type Point = { key: string; value: number; timestamp: number; step: number };

/** A point as it is stored: an infinity is the largest number. */
const stored = ({ value, ...rest }: Point) => ({
  ...rest,
  value: Number.isFinite(value) || Number.isNaN(value) ? value : Math.sign(value) * Number.MAX_VALUE,
});
const order = (value: number): number => (Number.isNaN(value) ? 0 : value);

describe('what is logged into a run', () => {
  it('keeps every point once, and the latest of each metric by step, time and value', () => {
    fc.assert(
      fc.property(fc.array(fc.array(somePoint, { maxLength: 12 }), { maxLength: 4 }), (batches) => {
        const { store, run } = makeRun();
        for (const metrics of batches) store.runs.logBatch({ run_id: run, metrics });
        for (const key of ['a', 'b']) {
          const points = batches
            .flat()
            .filter((point) => point.key === key)
            .map(stored);
          const distinct = [
            ...new Map(
              points.map((point) => [`${point.step} ${point.timestamp} ${point.value}`, point]),
            ).values(),
          ];
          const byTime = distinct.toSorted(
            (x, y) => x.timestamp - y.timestamp || x.step - y.step || order(x.value) - order(y.value),
          );
          const history = store.metrics.getHistory({ run_id: run, metric_key: key }).items;
          expect(history.map(({ timestamp, step }) => [timestamp, step])).toEqual(
            byTime.map(({ timestamp, step }) => [timestamp, step]),
          );
          expect(history.map(({ value }) => value).sort()).toEqual(byTime.map(({ value }) => value).sort());
          const last = distinct
            .toSorted(
              (x, y) => x.step - y.step || x.timestamp - y.timestamp || order(x.value) - order(y.value),
            )
            .at(-1);
          const latest = store.runs.get(run).data.metrics.find((metric) => metric.key === key);
          expect([latest?.step, latest?.timestamp, latest && order(latest.value)]).toEqual([
            last?.step,
            last?.timestamp,
            last && order(last.value),
          ]);
        }
        store.close();
      }),
      { numRuns: 40 },
    );
  });

  it('is written as a whole or not at all', () => {
    const { store, run } = makeRun();
    store.runs.logParam(run, { key: 'lr', value: '1' });
    const batch = {
      run_id: run,
      metrics: [{ key: 'm', value: 1, timestamp: 1 }],
      tags: [{ key: 't', value: 'v' }],
      params: [
        { key: 'new', value: 'x' },
        { key: 'lr', value: '2' },
      ],
    };
    expect(() => store.runs.logBatch(batch)).toThrow(
      `Changing param values is not allowed. Params were already logged='[{'key': 'lr', 'old_value': '1', 'new_value': '2'}]' for run ID='${run}'.`,
    );
    const { data } = store.runs.get(run);
    expect([data.metrics, data.params]).toEqual([[], [{ key: 'lr', value: '1' }]]);
    expect(data.tags.map(({ key }) => key)).toEqual(['mlflow.runName']);
  });

  it('may be several batches of one transaction', () => {
    const { store, run } = makeRun();
    const write = () =>
      store.transaction(() => {
        store.runs.setTag(run, { key: 'one', value: '1' });
        store.runs.logMetric('nobody', { key: 'm', value: 1, timestamp: 1 });
      });
    expect(write).toThrow('Run with id=nobody not found');
    expect(store.runs.get(run).data.tags.map(({ key }) => key)).toEqual(['mlflow.runName']);
  });

  it.each([
    [
      '1001 metrics',
      { metrics: Array.from({ length: 1001 }, (_, at) => ({ key: 'm', value: at, timestamp: at })) },
      /at most 1000 metrics. Got 1001/,
    ],
    [
      '101 params',
      { params: Array.from({ length: 101 }, (_, at) => ({ key: `p${at}`, value: '' })) },
      /at most 100 params/,
    ],
    [
      'a param twice',
      {
        params: [
          { key: 'p', value: '1' },
          { key: 'p', value: '1' },
        ],
      },
      /Duplicate parameter keys have been submitted: \['p'\]/,
    ],
    ['a path', { tags: [{ key: '../up', value: '' }] }, /would resolve to '..\/up'/],
    [
      'a long key',
      { metrics: [{ key: 'k'.repeat(251), value: 1, timestamp: 1 }] },
      /'Metric name' exceeds the maximum length of 250 characters/,
    ],
    ['a bad character', { params: [{ key: 'a=b', value: '' }] }, /Names may only contain alphanumerics/],
    [
      'a negative time',
      { metrics: [{ key: 'm', value: 1, timestamp: -1 }] },
      /Timestamp must be a nonnegative long/,
    ],
    [
      'an integer that no number holds',
      { metrics: [{ key: 'm', value: 1, timestamp: 1, step: 2 ** 60 }] },
      /between -2\^53 and 2\^53/,
    ],
  ])('%s is refused', (_, batch, message) => {
    const { store, run } = makeRun();
    expect(() => store.runs.logBatch({ run_id: run, ...batch })).toThrow(message);
  });

  it('cuts long values, by characters', () => {
    const { store, run } = makeRun();
    store.runs.logBatch({
      run_id: run,
      params: [{ key: 'p', value: '😀'.repeat(6001) }],
      tags: [{ key: 't', value: 'x'.repeat(9000) }],
    });
    const { params, tags } = store.runs.get(run).data;
    expect([...params[0]!.value].length).toBe(6000);
    expect(tags.find(({ key }) => key === 't')!.value.length).toBe(8000);
  });

  it('is refused for a deleted run, and the run can be restored', () => {
    const { store, run } = makeRun();
    store.runs.delete(run);
    expect(() => store.runs.setTag(run, { key: 'a', value: 'b' })).toThrow(
      `The run ${run} must be in the 'active' state. Current state is deleted.`,
    );
    store.runs.restore(run);
    store.runs.setTag(run, { key: 'a', value: 'b' });
  });
});

describe('a run', () => {
  it('may have an id of our choice, once', () => {
    const { store, experiment } = makeRun();
    expect(store.runs.create({ experiment_id: experiment }, 'my-run-1').info.artifact_uri).toBe(
      `mlflow-artifacts:/${experiment}/my-run-1/artifacts`,
    );
    expect(() => store.runs.create({ experiment_id: experiment }, 'my-run-1')).toThrow('already exists');
    expect(() => store.runs.create({ experiment_id: experiment }, '../x')).toThrow('Invalid value');
    expect(() => store.runs.create({ experiment_id: experiment }, 'x'.repeat(33))).toThrow('more than 32');
    expect(store.runs.find('nobody')).toBeUndefined();
  });

  it('has one name, whichever way it is given', () => {
    const { store, experiment, run } = makeRun();
    store.runs.setTag(run, { key: 'mlflow.runName', value: 'by tag' });
    expect(store.runs.get(run).info.run_name).toBe('by tag');
    store.runs.update({ run_id: run, run_name: 'by update' });
    expect(store.runs.get(run).data.tags).toContainEqual({ key: 'mlflow.runName', value: 'by update' });
    expect(store.runs.create({ experiment_id: experiment }).info.run_name).toMatch(/^[a-z]+-[a-z]+-\d{1,3}$/);
    const both = { experiment_id: experiment, run_name: 'x', tags: [{ key: 'mlflow.runName', value: 'y' }] };
    expect(() => store.runs.create(both)).toThrow(
      "Both 'run_name' argument and 'mlflow.runName' tag are specified",
    );
  });
});

describe('a history', () => {
  it('is thinned out evenly with its ends, for every number of points', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 45 }), (total, wanted) => {
        const { store, run } = makeRun();
        const metrics = Array.from({ length: total }, (_, at) => ({
          key: 'm',
          value: at,
          timestamp: at,
          step: at,
        }));
        store.runs.logBatch({ run_id: run, metrics });
        const steps = store.metrics
          .getInterval({ run_ids: [run], metric_key: 'm', max_results: wanted })
          .map(({ step }) => step);
        expect(steps).toHaveLength(Math.min(total, wanted));
        expect(new Set(steps).size).toBe(steps.length);
        if (total > 0) expect(steps.at(-1)).toBe(total - 1);
        if (total > 0 && wanted > 1) expect(steps[0]).toBe(0);
        const gaps = steps.slice(0, -1).map((step, at) => (at === 0 ? 1 : step - steps[at - 1]!));
        if (total > wanted && gaps.length > 2)
          expect(Math.max(...gaps.slice(1)) - Math.min(...gaps.slice(1))).toBeLessThan(2);
        store.close();
      }),
      { numRuns: 40 },
    );
  });

  it('comes in pages', () => {
    const { store, run } = makeRun();
    store.runs.logBatch({
      run_id: run,
      metrics: Array.from({ length: 7 }, (_, at) => ({ key: 'm', value: at, timestamp: at })),
    });
    const values: number[] = [];
    for (let token: string | undefined = ''; token !== undefined;) {
      const page = store.metrics.getHistory({
        run_id: run,
        metric_key: 'm',
        max_results: 3,
        page_token: token,
      });
      values.push(...page.items.map(({ value }) => value));
      token = page.token;
    }
    expect(values).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe('an experiment', () => {
  it('is made once by its name, and restored with its runs when it was deleted', () => {
    const { store, experiment, run } = makeRun();
    expect(store.experiments.getOrCreate({ name: 'e' }).experiment_id).toBe(experiment);
    store.experiments.delete(experiment);
    expect(store.runs.get(run).info.lifecycle_stage).toBe('deleted');
    expect(() => store.runs.create({ experiment_id: experiment })).toThrow("must be in the 'active' state");
    expect(store.experiments.getOrCreate({ name: 'e' })).toMatchObject({
      experiment_id: experiment,
      lifecycle_stage: 'active',
    });
    expect(store.runs.get(run).info.lifecycle_stage).toBe('active');
    expect(store.experiments.getOrCreate({ name: 'other' }).experiment_id).not.toBe(experiment);
  });
});
