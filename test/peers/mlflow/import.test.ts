import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { importPath } from '../../../main/mlflow/import/import-path.ts';
import { openTrackingStore, type TrackingStore } from '../../../main/mlflow/store/tracking-store.ts';
import { findMlflow, findMlflow2, makeFolder, QUIET } from './servers.ts';

const run = promisify(execFile);
const pythons = {
  'MLflow 2.22': findMlflow2('stores of MLflow 2 are not imported'),
  'the newest MLflow': findMlflow('stores of the newest MLflow are not imported'),
};

let folder: string;
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the real MLflow says that it holds, by run id. */
async function makeStore(python: string, uri: string, artifacts?: string): Promise<Record<string, object>> {
  const { stdout } = await run(python, [join(import.meta.dirname, 'python/make_store.py')], {
    cwd: folder,
    env: {
      ...process.env,
      ...QUIET,
      STORE_URI: uri,
      ...(artifacts === undefined ? {} : { STORE_ARTIFACTS: artifacts }),
    },
  });
  return (
    JSON.parse(stdout.slice(stdout.trimEnd().lastIndexOf('\n') + 1)) as { runs: Record<string, object> }
  ).runs;
}

function readStore(store: TrackingStore, ids: readonly string[]): Record<string, object> {
  const asRecord = (items: readonly { key: string; value: string }[]): object =>
    Object.fromEntries(items.map(({ key, value }) => [key, value]));
  return Object.fromEntries(
    ids.map((id) => {
      const { info, data, inputs } = store.runs.get(id);
      const history = (key: string) =>
        store.metrics
          .getHistory({ run_id: id, metric_key: key })
          .items.map(({ timestamp, step, value }) => [timestamp, step, Number.isNaN(value) ? 'NaN' : value]);
      return [
        id,
        {
          name: info.run_name,
          status: info.status,
          start: info.start_time,
          end: info.end_time,
          params: asRecord(data.params),
          tags: asRecord(data.tags),
          metrics: Object.fromEntries(data.metrics.map(({ key }) => [key, history(key)])),
          datasets: inputs.dataset_inputs.map(({ dataset }) => [dataset.name, dataset.digest]),
        },
      ];
    }),
  );
}

for (const [name, found] of Object.entries(pythons))
  describe.skipIf('why' in found)(`stores that ${name} wrote`, { timeout: 120_000 }, () => {
    const python = 'python' in found ? found.python : '';

    it.each(['mlruns', 'other.db'])('are imported as they are, twice as once: %s', async (kind) => {
      folder = makeFolder('import');
      const path = join(folder, kind);
      const isFiles = kind === 'mlruns';
      const theirs = isFiles
        ? await makeStore(python, `file://${path}`)
        : await makeStore(python, `sqlite:///${path}`, `file://${join(folder, 'files')}`);
      const store = openTrackingStore(join(folder, 'own'));
      for (const newRuns of [2, 0])
        await expect(importPath(store, { path })).resolves.toMatchObject({
          newRuns,
          knownRuns: 2 - newRuns,
          files: 1,
        });
      expect(readStore(store, Object.keys(theirs))).toEqual(theirs);
      expect(store.experiments.findByName('lungs: a # name')).toBeDefined();
      const outer = store.runs.search({ experiment_ids: ['1'], filter: "attributes.run_name = 'outer'" })
        .items[0]!;
      const artifacts = outer.info.artifact_uri.replace('mlflow-artifacts:/', '');
      expect(existsSync(store.artifacts.resolve(`${artifacts}/notes/a.txt`))).toBe(true);
      store.close();
    });
  });
