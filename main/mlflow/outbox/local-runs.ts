import type { Experiment, Run } from '../../../common/mlflow/entities.ts';
import { MLflowError } from '../../../common/mlflow/error.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import { artifactPathOf } from '../artifacts/artifact-path.ts';
import type { TrackingStore } from '../store/tracking-store.ts';

/** A run of the local store, as it is to be elsewhere. */
export interface LocalRun {
  readonly run: Run;
  readonly experiment: Experiment;
  /** Local id of the run that it is nested in. */
  readonly parentRunId?: string;
}

/** A file among a run's artifacts. */
export interface LocalFile {
  /** Relative to the run's artifacts, with `/`. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly sizeBytes: number;
}

const PAGE = 1000;

/** All active runs, those that others are nested in first, the older ones first. */
export function listLocalRuns(store: TrackingStore): readonly LocalRun[] {
  const experiments = listExperiments(store);
  const byId = new Map(experiments.map((experiment) => [experiment.experiment_id, experiment]));
  const runs = [...byId.keys()].flatMap((id) => listRunsOf(store, id));
  const found = runs.map((run): LocalRun => {
    const parent = run.data.tags.find(({ key }) => key === MLFLOW_TAGS.parentRunId)?.value;
    const experiment = byId.get(run.info.experiment_id)!;
    return { run, experiment, ...(parent === undefined ? {} : { parentRunId: parent }) };
  });
  return sortByNesting(found);
}

/** The files of a run; none for one that keeps them outside of the store, or says so by a path that is none. */
export function listLocalFiles(store: TrackingStore, { info }: Run): Promise<readonly LocalFile[]> {
  return listFilesAt(store, info.artifact_uri);
}

/** The files below a URI, by their paths there; none for one outside of the store. */
export async function listFilesAt(store: TrackingStore, uri: string): Promise<readonly LocalFile[]> {
  const root = findRoot(uri);
  // the root of all would be the files of other runs as well
  if (root === undefined || root === '') return [];
  const files = await store.artifacts.listFiles(root);
  return files
    .filter(({ path }) => !path.split('/').at(-1)!.startsWith('.'))
    .map(({ path, file_size: sizeBytes = 0 }) => ({
      path: path.slice(root.length + 1),
      file: store.artifacts.resolve(path),
      sizeBytes,
    }));
}

/** One run with an address that leads nowhere must not keep the others here. */
function findRoot(uri: string): string | undefined {
  try {
    return artifactPathOf(uri);
  } catch (error) {
    if (error instanceof MLflowError) return undefined;
    throw error;
  }
}

/** The active ones. */
export function listExperiments(store: TrackingStore): readonly Experiment[] {
  return collectPages((page) => store.experiments.search({ max_results: PAGE, ...page }));
}

function listRunsOf(store: TrackingStore, experimentId: string): readonly Run[] {
  return collectPages((page) =>
    store.runs.search({
      experiment_ids: [experimentId],
      max_results: PAGE,
      order_by: ['attributes.start_time ASC'],
      ...page,
    }),
  );
}

/** Everything of a search of the store. */
export function collectPages<T>(
  fetch: (page: { page_token?: string }) => { readonly items: readonly T[]; readonly token?: string },
): readonly T[] {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const page = fetch(token === undefined ? {} : { page_token: token });
    for (const item of page.items) all.push(item);
    token = page.token;
  } while (token !== undefined);
  return all;
}

/** By depth, then by start: a parent is there before its children. One in a circle counts as deep. */
function sortByNesting(runs: readonly LocalRun[]): readonly LocalRun[] {
  const parents = new Map(runs.map(({ run, parentRunId }) => [run.info.run_id, parentRunId]));
  const depthOf = (id: string): number => {
    let depth = 0;
    for (let at = parents.get(id); at !== undefined && depth < runs.length; at = parents.get(at)) depth++;
    return depth;
  };
  const depths = new Map([...parents.keys()].map((id) => [id, depthOf(id)]));
  return runs.toSorted(
    ({ run: a }, { run: b }) =>
      depths.get(a.info.run_id)! - depths.get(b.info.run_id)! ||
      (a.info.start_time ?? 0) - (b.info.start_time ?? 0),
  );
}
