import fc from 'fast-check';
import { once } from 'node:events';
import { get } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTrackingServer } from '../../../../main/mlflow/server/tracking-server.ts';
import { encodeMetrics, encodeRun } from '../../../../main/mlflow/server/wire/encode.ts';
import { writeHistory } from '../../../../main/mlflow/server/wire/write-history.ts';
import { writeRuns } from '../../../../main/mlflow/server/wire/write-runs.ts';
import { openTrackingStore, type TrackingStore } from '../../../../main/mlflow/store/tracking-store.ts';
import { makeFolder, makeStore } from '../make-store.ts';

/** Each piece is only there until the next one is asked for. */
function join(pieces: Iterable<Uint8Array>): string {
  let text = '';
  for (const piece of pieces) text += Buffer.from(piece).toString('utf8');
  return text;
}

function makeRun(store: TrackingStore): { experiment: string; run: string } {
  const experiment = store.experiments.create({ name: 'e' });
  return { experiment, run: store.runs.create({ experiment_id: experiment }).info.run_id };
}

function logPoints(
  store: TrackingStore,
  run: string,
  points: readonly { key: string; value: number; timestamp: number; step: number }[],
): void {
  for (let begin = 0; begin < points.length; begin += 1000)
    store.runs.logBatch({ run_id: run, metrics: points.slice(begin, begin + 1000) });
}

/** The same history in both ways of reading it, as JSON. */
function readBoth(store: TrackingStore, run: string, key: string): [unknown, unknown] {
  const written = join(writeHistory(key, store.metrics.readHistory(run, key)));
  const { items } = store.metrics.getHistory({ run_id: run, metric_key: key });
  return [JSON.parse(written), JSON.parse(JSON.stringify({ metrics: encodeMetrics(items) }))];
}

describe('a history that is written as it is read', () => {
  it('has the points of one that is read as a whole, in its order, whatever was logged', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true }),
      fc.constantFrom(NaN, Infinity, -Infinity, 0, 1e21, 5e-324),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('loss', 'a/b c', 'größe'),
        fc.uniqueArray(
          fc.record({ value, timestamp: fc.nat(5), step: fc.integer({ min: -2, max: 3 }) }),
          // NaN stands where 0 stands: which of them comes first is open
          { maxLength: 40, selector: (point) => [point.timestamp, point.step, point.value || 0].join(' ') },
        ),
        (key, points) => {
          const store = makeStore();
          const { run } = makeRun(store);
          logPoints(
            store,
            run,
            points.map((point) => ({ ...point, key })),
          );
          const [written, whole] = readBoth(store, run, key);
          expect(written).toEqual(whole);
          store.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ['in the order of their steps', (at: number) => ({ step: at, timestamp: 1_700_000_000_000 + at })],
    ['all at one step', (at: number) => ({ step: 0, timestamp: 1_700_000_000_000 + at })],
    ['all at one time', (at: number) => ({ step: at % 7, timestamp: 5 })],
    [
      'of a run that was begun again',
      (at: number) => ({ step: at % 2000, timestamp: 1_700_000_000_000 + at }),
    ],
    ['backwards', (at: number) => ({ step: at, timestamp: 1_700_000_000_000 - at })],
  ])('has thousands of points %s', (_, place) => {
    const store = makeStore();
    const { run } = makeRun(store);
    const points = Array.from({ length: 3456 }, (__, at) => ({
      key: 'm',
      value: at === 7 ? NaN : Math.sin(at),
      ...place(at),
    }));
    logPoints(store, run, points);
    logPoints(store, run, [{ key: 'other', value: 1, timestamp: 1, step: 1 }]);
    const [written, whole] = readBoth(store, run, 'm');
    expect((written as { metrics: unknown[] }).metrics).toHaveLength(3456);
    expect(written).toEqual(whole);
  });

  it('is read from a database without the index of runs and steps as well', () => {
    const folder = makeFolder();
    const before = openTrackingStore(folder);
    const { run } = makeRun(before);
    logPoints(
      before,
      run,
      Array.from({ length: 1500 }, (_, at) => ({ key: 'm', value: at, timestamp: 9000 - at, step: at % 3 })),
    );
    before.close();
    const database = new DatabaseSync(`${folder}/mlflow.db`);
    database.exec('DROP INDEX index_metrics_run_uuid_key_step');
    database.close();
    const [written, whole] = readBoth(makeStore({}, folder), run, 'm');
    expect((written as { metrics: unknown[] }).metrics).toHaveLength(1500);
    expect(written).toEqual(whole);
  });
});

describe('runs that are written as they are found', () => {
  const someText = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom('"', '\\', '\u0001\n\t\u007f', '\u2028', 'ä', '𝄞', '{"a":[1]}', ''),
  );
  const pairs = fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b c', 'd/e', 'ö'), value: someText }), {
    selector: ({ key }) => key,
  });
  const points = fc.array(
    fc.record({
      key: fc.constantFrom('m', 'n o', 'p'),
      value: fc.oneof(fc.double(), fc.integer()),
      timestamp: fc.nat(),
      step: fc.integer(),
    }),
    { maxLength: 5 },
  );

  it('are those of a search, whatever is in them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ params: pairs, tags: pairs, metrics: points }), { maxLength: 4 }),
        (logged) => {
          const store = makeStore();
          const experiment = store.experiments.create({ name: 'e' });
          for (const batch of logged) {
            const run = store.runs.create({ experiment_id: experiment, run_name: 'ü "x"' }).info.run_id;
            store.runs.logBatch({ run_id: run, ...batch });
          }
          const request = { experiment_ids: [experiment], order_by: ['attributes.run_id'] };
          const items = store.runs.search(request).items.map(encodeRun);
          const wanted = JSON.parse(
            JSON.stringify({ runs: items.length === 0 ? undefined : items }),
          ) as unknown;
          expect(JSON.parse(join(writeRuns(store.runs.searchTexts(request))))).toEqual(wanted);
          store.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('come in the order of the search, page after page, with what they took in and gave out', () => {
    const store = makeStore();
    const experiment = store.experiments.create({ name: 'e' });
    for (let at = 0; at < 130; at += 1) {
      const run = store.runs.create({ experiment_id: experiment, start_time: at }).info.run_id;
      store.runs.logMetric(run, { key: 'score', value: (at * 37) % 130, timestamp: 1 });
      if (at === 50)
        store.inputs.logInputs({
          run_id: run,
          datasets: [{ dataset: { name: 'd', digest: '1', source_type: 'local', source: 's' }, tags: [] }],
        });
    }
    const request = { experiment_ids: [experiment], order_by: ['metrics.score DESC'], max_results: 60 };
    const scores: number[] = [];
    const datasets: unknown[] = [];
    for (let page_token: string | undefined = ''; page_token !== undefined;) {
      const page = JSON.parse(join(writeRuns(store.runs.searchTexts({ ...request, page_token })))) as {
        runs: { data: { metrics: { value: number }[] }; inputs: { dataset_inputs?: unknown[] } }[];
        next_page_token?: string;
      };
      scores.push(...page.runs.map(({ data }) => data.metrics[0]!.value));
      datasets.push(...page.runs.flatMap(({ inputs }) => inputs.dataset_inputs ?? []));
      page_token = page.next_page_token;
    }
    expect(scores).toEqual(Array.from({ length: 130 }, (_, at) => 129 - at));
    expect(datasets).toMatchObject([{ dataset: { name: 'd' } }]);
  });

  it('are whole where one alone is longer than a piece', () => {
    const store = makeStore();
    const { experiment, run } = makeRun(store);
    const tags = Array.from({ length: 60 }, (_, at) => ({ key: `t${at}`, value: 'ä'.repeat(4000) }));
    store.runs.logBatch({ run_id: run, tags });
    const answer = JSON.parse(join(writeRuns(store.runs.searchTexts({ experiment_ids: [experiment] })))) as {
      runs: [{ data: { tags: unknown[] } }];
    };
    expect(answer.runs[0].data.tags).toEqual(expect.arrayContaining(tags));
  });
});

describe('a client that goes away in the middle of a long answer', () => {
  it('is no defect, and nobody else notices', { timeout: 30_000 }, async () => {
    const store = makeStore();
    const { run } = makeRun(store);
    logPoints(
      store,
      run,
      Array.from({ length: 60_000 }, (_, at) => ({ key: 'm', value: Math.sin(at), timestamp: at, step: at })),
    );
    await store.artifacts.write('0/r/big.bin', new Uint8Array(20_000_000));
    const defects: unknown[] = [];
    const server = await startTrackingServer({
      store,
      token: undefined,
      onDefect: (error) => defects.push(error),
    });
    onTestFinished(() => server.close());
    const history = `${server.url}/api/2.0/mlflow/metrics/get-history?run_id=${run}&metric_key=m`;
    for (const url of [history, `${server.url}/api/2.0/mlflow-artifacts/artifacts/0/r/big.bin`]) {
      const request = get(url);
      const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
      await once(response, 'readable');
      request.destroy();
    }
    const answer = (await (await fetch(history)).json()) as { metrics: unknown[] };
    expect(answer.metrics).toHaveLength(60_000);
    expect(defects).toEqual([]);
  });
});
