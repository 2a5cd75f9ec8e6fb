import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { importPath } from '../../../main/mlflow/import/import-path.ts';
import { listLocalModels } from '../../../main/mlflow/outbox/local-models.ts';
import { openTrackingStore, type TrackingStore } from '../../../main/mlflow/store/tracking-store.ts';
import { findMlflow, findMlflow2, makeFolder, QUIET } from './servers.ts';

const run = promisify(execFile);
const pythons = {
  'MLflow 2.22': findMlflow2('stores of MLflow 2 are not imported'),
  'the newest MLflow': findMlflow('stores of the newest MLflow are not imported'),
};

let folder: string;
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Described {
  readonly runs: Record<string, object>;
  readonly models: Record<string, object>;
  readonly registered: Record<string, object>;
}

/** What the real MLflow says that it holds, by ids and names. */
async function makeStore(python: string, uri: string, artifacts?: string): Promise<Described> {
  const { stdout } = await run(python, [join(import.meta.dirname, 'python/make_store.py')], {
    cwd: folder,
    env: {
      ...process.env,
      ...QUIET,
      STORE_URI: uri,
      ...(artifacts === undefined ? {} : { STORE_ARTIFACTS: artifacts }),
    },
  });
  return JSON.parse(stdout.slice(stdout.trimEnd().lastIndexOf('\n') + 1)) as Described;
}

const asRecord = (items: readonly { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(items.map(({ key, value }) => [key, value]));

function readModels(store: TrackingStore): Omit<Described, 'runs'> {
  const models = listLocalModels(store).map(({ model: { info, data } }) => {
    const { 'mlflow.modelVersions': _versions, ...tags } = asRecord(info.tags);
    return [
      info.model_id,
      {
        name: info.name,
        status: info.status.replace('LOGGED_MODEL_', ''),
        run: info.source_run_id,
        created: info.creation_timestamp_ms,
        params: asRecord(data.params),
        tags,
        metrics: data.metrics.map((m) => [
          m.key,
          m.value,
          m.timestamp,
          m.step,
          m.run_id,
          m.dataset_name ?? null,
        ]),
      },
    ] as const;
  });
  const registered = store.registeredModels.search().items.map((model) => [
    model.name,
    {
      description: model.description,
      tags: asRecord(model.tags),
      aliases: Object.fromEntries(model.aliases.map(({ alias, version }) => [alias, version])),
      created: model.creation_timestamp,
      versions: Object.fromEntries(
        store.modelVersions
          .list(model.name)
          .map((v) => [
            v.version,
            [v.description, v.run_id, asRecord(v.tags), v.creation_timestamp, v.current_stage],
          ]),
      ),
    },
  ]);
  return { models: Object.fromEntries(models), registered: Object.fromEntries(registered) };
}

function readStore(store: TrackingStore, ids: readonly string[]): Record<string, object> {
  return Object.fromEntries(
    ids.map((id) => {
      const { info, data, inputs, outputs } = store.runs.get(id);
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
          outputs: outputs.model_outputs.map(({ model_id, step }) => [model_id, step]),
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
      const hasLoggedModels = name !== 'MLflow 2.22';
      for (const newRuns of [2, 0])
        await expect(importPath(store, { path })).resolves.toEqual({
          newRuns,
          knownRuns: 2 - newRuns,
          newModels: newRuns > 0 && hasLoggedModels ? 1 : 0,
          newVersions: newRuns,
          files: 2,
          problems: [
            ...(isFiles ? [] : ['left out: 1 deleted model version']),
            ...(hasLoggedModels ? ['left out: 1 trace'] : []),
          ],
        });
      expect(readStore(store, Object.keys(theirs.runs))).toEqual(theirs.runs);
      expect(readModels(store)).toEqual({ models: theirs.models, registered: theirs.registered });
      const [first] = store.modelVersions.list('best net');
      const place = store.modelVersions.getDownloadUri('best net', first!.version);
      const kept = await store.artifacts.listFiles(place.replace('mlflow-artifacts:/', ''));
      expect(kept.map(({ path: file }) => file.split('/').at(-1))).toEqual([
        hasLoggedModels ? 'make_store.py' : 'MLmodel',
      ]);
      expect(store.experiments.findByName('lungs: a # name')).toBeDefined();
      const outer = store.runs.search({ experiment_ids: ['1'], filter: "attributes.run_name = 'outer'" })
        .items[0]!;
      const artifacts = outer.info.artifact_uri.replace('mlflow-artifacts:/', '');
      expect(existsSync(store.artifacts.resolve(`${artifacts}/notes/a.txt`))).toBe(true);
      store.close();
    });
  });
