import type { DatasetInput, KeyValue, Metric, RunStatus } from '../../../common/mlflow/entities.ts';

/** A run of another store. */
export interface ImportedRun {
  readonly runId: string;
  readonly experiment: { readonly name: string; readonly tags: readonly KeyValue[] };
  readonly name: string;
  readonly userId: string;
  readonly status: RunStatus;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly endTime?: number;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly metrics: readonly Metric[];
  readonly inputs: readonly DatasetInput[];
  /** Absolute path of its files; undefined where they are not on this machine. */
  readonly artifacts?: string;
}

/** What another store holds. */
export interface ImportSource {
  /** Read one after the other: a store may be large. */
  readonly runs: AsyncIterable<ImportedRun> | Iterable<ImportedRun>;
  /** What there is besides and is not imported, in words. */
  readonly leftOut: readonly string[];
}

/** What an import came to. */
export interface ImportReport {
  readonly newRuns: number;
  /** Runs that were there already; what they had more has been added. */
  readonly knownRuns: number;
  readonly files: number;
  /** What was not taken, and why. */
  readonly problems: readonly string[];
}
