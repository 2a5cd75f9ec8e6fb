import { setTimeout as sleep } from 'node:timers/promises';
import { FaultError } from '../../common/fault.ts';
import type { TrackingView, trackingApi } from '../../common/api/tracking.ts';
import type { ViewType } from '../../common/mlflow/entities.ts';
import { MLflowError } from '../../common/mlflow/error.ts';
import { MLFLOW_TAGS } from '../../common/mlflow/tag-names.ts';
import type { Call, Handlers } from '../../common/rpc/contract.ts';
import { artifactPathOf } from '../mlflow/artifacts/artifact-path.ts';
import type { SharedStore } from '../mlflow/shared-store.ts';
import { PINNED_MLFLOW } from '../mlflow/store/schema.ts';
import type { TrackingStore } from '../mlflow/store/tracking-store.ts';
import {
  describeArtifact,
  describeExperiment,
  describeRun,
  describeSeries,
} from '../mlflow/view/describe-run.ts';
import { readRunDetail } from '../mlflow/view/read-run-detail.ts';

const VIEWS = { active: 'ACTIVE_ONLY', deleted: 'DELETED_ONLY', all: 'ALL' } as const satisfies Record<
  TrackingView,
  ViewType
>;
const POLL_MS = 1000;
const MOST_EXPERIMENTS = 50_000;

/** What MLflow's rules refuse, as a fault for the window. */
export function asTrackingFault(error: unknown): unknown {
  if (!(error instanceof MLflowError)) return error;
  const code = error.code === 'RESOURCE_DOES_NOT_EXIST' ? 'run-not-found' : 'tracking-request';
  return new FaultError({ code, message: error.message });
}

/** Shows the tracking store to the window, and changes what a user may change. */
export function createTrackingService(shared: SharedStore): Handlers<typeof trackingApi> {
  const use = async <T>(body: (store: TrackingStore) => T | Promise<T>): Promise<T> => {
    try {
      return await body(shared.open());
    } catch (error) {
      throw asTrackingFault(error);
    }
  };
  return { ...makeQueries(shared, use), ...makeCommands(use) };
}

type Use = <T>(body: (store: TrackingStore) => T | Promise<T>) => Promise<T>;
type Queries =
  'status' | 'experiments' | 'columns' | 'runs' | 'runsById' | 'run' | 'histories' | 'artifacts' | 'changes';

function makeQueries(shared: SharedStore, use: Use): Pick<Handlers<typeof trackingApi>, Queries> {
  return {
    status: () =>
      use((store) => ({ mlflowVersion: PINNED_MLFLOW, folder: shared.folder, readOnly: store.readOnly })),
    experiments: ({ view }) =>
      use((store) => {
        const counts = store.overview.countRuns();
        return store.experiments
          .search({ view_type: VIEWS[view], max_results: MOST_EXPERIMENTS })
          .items.map((experiment) => describeExperiment(experiment, counts.get(experiment.experiment_id)));
      }),
    columns: ({ experiments }) =>
      use((store) => {
        const { tags, ...keys } = store.overview.listKeys(
          experiments.length > 0 ? experiments : listActive(store),
        );
        return { ...keys, tags: tags.filter((key) => !key.startsWith('mlflow.')) };
      }),
    runs: ({ experiments, filter, orderBy, view, limit, page }) =>
      use((store) => {
        const { items, token } = store.runs.search({
          experiment_ids: experiments.length > 0 ? experiments : listActive(store),
          filter,
          order_by: orderBy,
          run_view_type: VIEWS[view],
          max_results: limit,
          page_token: page,
        });
        return { runs: items.map(describeRun), nextPage: token };
      }),
    runsById: ({ runs }) =>
      use((store) => runs.flatMap((run) => store.runs.find(run) ?? []).map((run) => describeRun(run))),
    run: ({ run }) => use((store) => readRunDetail(store, run)),
    histories: ({ runs, metrics, points }) =>
      use((store) =>
        runs.flatMap((run) =>
          metrics.flatMap((metric) => {
            const total = store.metrics.countPoints(run, metric);
            if (total === 0) return [];
            const items = store.metrics.getInterval({
              run_ids: [run],
              metric_key: metric,
              max_results: points,
            });
            return [describeSeries(run, metric, items, total)];
          }),
        ),
      ),
    artifacts: ({ of, path }) => use((store) => listArtifacts(store, of, path)),
    changes: (_, call) => watchChanges(shared, call),
  };
}

function makeCommands(use: Use): Omit<Handlers<typeof trackingApi>, Queries> {
  const change = async (body: (store: TrackingStore) => void): Promise<Record<string, never>> => {
    await use((store) => store.transaction(() => body(store)));
    return {};
  };
  return {
    deleteRuns: ({ runs }) => change((store) => runs.forEach((run) => store.runs.delete(run))),
    restoreRuns: ({ runs }) => change((store) => runs.forEach((run) => store.runs.restore(run))),
    renameRun: ({ run, name }) => change((store) => void store.runs.update({ run_id: run, run_name: name })),
    setRunNote: ({ run, note }) =>
      change((store) => store.runs.setTag(run, { key: MLFLOW_TAGS.note, value: note })),
    setRunTag: ({ run, key, value }) =>
      change((store) =>
        value === null ? store.runs.deleteTag(run, key) : store.runs.setTag(run, { key, value }),
      ),
    deleteExperiment: ({ experiment }) => change((store) => store.experiments.delete(experiment)),
    restoreExperiment: ({ experiment }) => change((store) => store.experiments.restore(experiment)),
    renameExperiment: ({ experiment, name }) => change((store) => store.experiments.rename(experiment, name)),
    setExperimentNote: ({ experiment, note }) =>
      change((store) => store.experiments.setTag(experiment, { key: MLFLOW_TAGS.note, value: note })),
  };
}

const listActive = (store: TrackingStore): string[] =>
  store.experiments.search({ max_results: MOST_EXPERIMENTS }).items.map(({ experiment_id }) => experiment_id);

type Owner = { readonly run: string } | { readonly model: string };

/** Where the files of a run or a model are in the store; undefined where they are elsewhere. */
export function findArtifactRoot(store: TrackingStore, owner: Owner): string | undefined {
  const uri =
    'run' in owner
      ? store.runs.get(owner.run).info.artifact_uri
      : store.loggedModels.get(owner.model).info.artifact_uri;
  return artifactPathOf(uri);
}

async function listArtifacts(store: TrackingStore, owner: Owner, path: string) {
  const root = findArtifactRoot(store, owner);
  if (root === undefined) return [];
  const address =
    'run' in owner ? `/resource/tracking/run/${owner.run}` : `/resource/tracking/model/${owner.model}`;
  const files = await store.artifacts.list(path === '' ? root : `${root}/${path}`);
  return files.map((file) => describeArtifact(file, root, address));
}

async function* watchChanges(shared: SharedStore, { signal }: Call): AsyncGenerator<{ version: number }> {
  let known: number | undefined;
  while (!signal.aborted) {
    const version = shared.open().overview.getVersion();
    if (version !== known) yield { version };
    known = version;
    await sleep(POLL_MS, undefined, { ref: false });
  }
}
