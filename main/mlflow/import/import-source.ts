import type {
  DatasetInput,
  KeyValue,
  Metric,
  ModelOutput,
  ModelStatus,
  RunStatus,
} from '../../../common/mlflow/entities.ts';

/** Where the files of a run or of a model are: in a folder of this machine, or at an address that is not read from here. */
export type ImportedFiles = { readonly folder: string } | { readonly elsewhere: string };

export interface ImportedExperiment {
  readonly name: string;
  readonly tags: readonly KeyValue[];
}

/** A run of another store. */
export interface ImportedRun {
  readonly runId: string;
  readonly experiment: ImportedExperiment;
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
  /** Ids of the logged models that it used. */
  readonly modelInputs: readonly string[];
  readonly modelOutputs: readonly ModelOutput[];
  /** What the store calls the place of its files. */
  readonly artifactUri: string;
  readonly files: ImportedFiles;
}

/** A logged model of another store. */
export interface ImportedModel {
  readonly modelId: string;
  readonly experiment: ImportedExperiment;
  readonly name: string;
  readonly type: string;
  readonly status: ModelStatus;
  readonly sourceRunId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  /** Each with the run that measured it. */
  readonly metrics: readonly Metric[];
  readonly artifactUri: string;
  readonly files: ImportedFiles;
}

/** A version of a registered model. Times are milliseconds since 1970. */
export interface ImportedVersion {
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly description: string;
  readonly userId: string;
  readonly stage: string;
  /** `models:/m-...`, `runs:/...`, or a place. */
  readonly source: string;
  readonly runId: string;
  readonly modelId?: string;
  readonly tags: readonly KeyValue[];
}

/** A registered model with its versions, those that were deleted left out. */
export interface ImportedRegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: readonly KeyValue[];
  readonly aliases: readonly { readonly alias: string; readonly version: number }[];
  readonly versions: readonly ImportedVersion[];
}

type Listing<T> = AsyncIterable<T> | Iterable<T>;

/** What another store holds. Read one after the other, in this order: a store may be large. */
export interface ImportSource {
  readonly runs: () => Listing<ImportedRun>;
  readonly models: () => Listing<ImportedModel>;
  readonly registered: () => Listing<ImportedRegisteredModel>;
  /** What there is besides and is not imported, in words, e.g. `3 traces`; to be asked when all was read. */
  readonly leftOut: () => readonly string[];
  readonly close: () => void;
}

/** What an import came to. */
export interface ImportReport {
  readonly newRuns: number;
  /** Runs that were there already; what they had more has been added. */
  readonly knownRuns: number;
  /** Logged models. */
  readonly newModels: number;
  /** Versions of registered models. */
  readonly newVersions: number;
  readonly files: number;
  /** What was not taken, and why. */
  readonly problems: readonly string[];
}
