import type { DatasetInput, KeyValue, Metric, RunStatus } from '../../../common/mlflow/entities.ts';

/** A run to be there, under its own id. */
export interface TrackedRun {
  readonly runId: string;
  readonly experimentId: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly tags: readonly KeyValue[];
}

/** An experiment to be there. */
export interface TrackedExperiment {
  readonly name: string;
  /** Set when the experiment belongs to this one run: another one of the same name is then left alone. */
  readonly ownerUid?: string;
  readonly tags: readonly KeyValue[];
}

/** A model that a run made: a logged model of MLflow 3, whose files are there. */
export interface TrackedModel {
  readonly modelId: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The step, an epoch, whose weights it has: what the run measured of it there is said of the model. */
  readonly step: number;
  /** What it was measured on. */
  readonly dataset?: { readonly name: string; readonly digest: string } | undefined;
}

/** Where the files of a run or of a model are; nothing need be there yet. */
export interface ArtifactRoot {
  /** As MLflow names it. */
  readonly uri: string;
  /** Absolute path. */
  readonly folder: string;
}

/** What of a run has changed. Everything may be said again: nothing is then there twice. */
export interface RunNews {
  readonly runId: string;
  readonly metrics?: readonly Metric[];
  readonly params?: readonly KeyValue[];
  readonly tags?: readonly KeyValue[];
  readonly inputs?: readonly DatasetInput[];
  readonly model?: TrackedModel | undefined;
  readonly status?: RunStatus;
  /** Milliseconds since 1970. */
  readonly endTime?: number;
}

/**
 * Where a projection writes. Everything is synchronous, as SQLite is, and throws a FaultError that names the database's file
 * when that is locked, damaged, read-only or on a full disk.
 */
export interface TrackingSink {
  /** Writes everything that `body` writes, or nothing. */
  atOnce<T>(body: () => T): T;
  /** The id of the experiment, which is made where there is none. */
  openExperiment(experiment: TrackedExperiment): string;
  /** Makes the run where there is none of its id. */
  openRun(run: TrackedRun): void;
  tell(news: RunNews): void;
  /** A tag of a run; undefined without such a run or tag. */
  readTag(runId: string, key: string): string | undefined;
  runArtifacts(experimentId: string, runId: string): ArtifactRoot;
  modelArtifacts(experimentId: string, modelId: string): ArtifactRoot;
}
