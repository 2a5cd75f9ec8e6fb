import { userInfo } from 'node:os';
import { FaultError } from '../../../common/fault.ts';
import type { KeyValue, Metric, Run } from '../../../common/mlflow/entities.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import { artifactPathOf } from '../artifacts/artifact-path.ts';
import { appendToUri } from '../store/context.ts';
import { keepLoggedModel } from './keep-logged-model.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import type { ArtifactRoot, RunNews, TrackedExperiment, TrackedRun, TrackingSink } from './tracking-sink.ts';

/** A sink that writes to a tracking store. */
export function openStoreSink(store: TrackingStore): TrackingSink {
  return {
    atOnce: (body) => store.transaction(body),
    openExperiment: (experiment) => openExperiment(store, experiment),
    openRun: (run) => openRun(store, run),
    tell: (news) => tell(store, news),
    readTag: (runId, key) => store.runs.find(runId)?.data.tags.find((tag) => tag.key === key)?.value,
    runArtifacts: (experimentId, runId) => findRoot(store, experimentId, [runId]),
    modelArtifacts: (experimentId, modelId) => findRoot(store, experimentId, ['models', modelId]),
  };
}

/** A name that another search has already, or whose experiment was deleted, gets the beginning of the run's uid. */
function openExperiment(store: TrackingStore, { name, ownerUid, tags }: TrackedExperiment): string {
  const owned = ownerUid === undefined ? [] : [{ key: OUTERLOOP_TAGS.runUid, value: ownerUid }];
  const all = [{ key: MLFLOW_TAGS.experimentKind, value: 'custom_model_development' }, ...owned, ...tags];
  const candidates = ownerUid === undefined ? [name] : [name, `${name}-${ownerUid.slice(0, 6)}`];
  for (const candidate of candidates) {
    const found = store.experiments.findByName(candidate);
    if (found === undefined) return store.experiments.create({ name: candidate, tags: all });
    const owner = found.tags.find(({ key }) => key === OUTERLOOP_TAGS.runUid)?.value;
    if (found.lifecycle_stage === 'active' && (ownerUid === undefined || owner === ownerUid))
      return found.experiment_id;
  }
  return store.experiments.getOrCreate({ name: candidates.at(-1)!, tags: all }).experiment_id;
}

function openRun(store: TrackingStore, { runId, experimentId, name, startTime, tags }: TrackedRun): void {
  if (store.runs.find(runId) !== undefined) return;
  const user = userName();
  store.runs.create(
    {
      experiment_id: experimentId,
      user_id: user,
      run_name: name,
      start_time: startTime,
      tags: [...tags, { key: MLFLOW_TAGS.user, value: user }],
    },
    runId,
  );
}

/** What is said of a run that its user has deleted is lost. */
function tell(store: TrackingStore, news: RunNews): void {
  const run = store.runs.find(news.runId);
  if (run?.info.lifecycle_stage !== 'active') return;
  for (const batch of splitBatch(news, run)) store.runs.logBatch({ run_id: news.runId, ...batch });
  if (news.inputs !== undefined && news.inputs.length > 0)
    store.inputs.logInputs({ run_id: news.runId, datasets: news.inputs });
  if (news.model !== undefined) keepLoggedModel(store, store.runs.get(news.runId), news.model);
  if (news.status !== undefined)
    store.runs.update({
      run_id: news.runId,
      status: news.status,
      ...(news.endTime === undefined ? {} : { end_time: news.endTime }),
    });
}

interface Batch {
  readonly metrics?: readonly Metric[];
  readonly params?: readonly KeyValue[];
  readonly tags?: readonly KeyValue[];
}

/** Batches that MLflow takes. A param keeps its first value, as everywhere in MLflow. */
function* splitBatch({ metrics = [], params = [], tags = [] }: RunNews, run: Run): Generator<Batch> {
  const known = new Set(run.data.params.map(({ key }) => key));
  const fresh = params.filter(({ key }) => !known.has(key));
  yield* chunk(fresh, MLFLOW_LIMITS.batchParams).map((part) => ({ params: part }));
  yield* chunk(tags, MLFLOW_LIMITS.batchTags).map((part) => ({ tags: part }));
  yield* chunk(metrics, MLFLOW_LIMITS.batchMetrics).map((part) => ({ metrics: part }));
}

function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}

function findRoot(store: TrackingStore, experimentId: string, owner: readonly string[]): ArtifactRoot {
  const { artifact_location: location, name } = store.experiments.get(experimentId);
  const uri = appendToUri(location, ...owner, 'artifacts');
  const path = artifactPathOf(uri);
  if (path !== undefined) return { uri, folder: store.artifacts.resolve(path) };
  throw new FaultError({
    code: 'wrong-argument',
    component: 'MLflowHandler',
    argument: 'experiment_name',
    message: `The experiment ${name} keeps its artifacts outside of the tracking store.`,
    allowed: 'an experiment of the store, or a new name',
  });
}

/** A container may run as a user without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
