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

/** What of a run has changed. Everything may be said again: nothing is then there twice. */
export interface RunNews {
  readonly runId: string;
  readonly metrics?: readonly Metric[];
  readonly params?: readonly KeyValue[];
  readonly tags?: readonly KeyValue[];
  readonly inputs?: readonly DatasetInput[];
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
  /** Absolute path of the folder for a run's artifacts; it need not exist. */
  artifactFolder(experimentId: string, runId: string): string;
}
