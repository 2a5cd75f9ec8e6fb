import { join } from 'node:path';
import type { Fault } from '../../../common/fault.ts';
import { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { StoreContext } from './context.ts';
import type { TrackingDatabase } from './database.ts';
import { ExperimentStore } from './experiments.ts';
import { InputStore } from './inputs.ts';
import { LoggedModelStore } from './logged-models.ts';
import { MetricStore } from './metrics.ts';
import { openDatabase } from './open-database.ts';
import { Overview } from './overview.ts';
import { ModelVersionStore } from './registry/model-versions.ts';
import { RegisteredModelStore } from './registry/registered-models.ts';
import { RunStore } from './runs.ts';
import { DATABASE_FILE } from './store-fault.ts';

/** Artifact URIs name the server's own root, not a folder: the store can be moved. */
const ARTIFACT_ROOT = 'mlflow-artifacts:/';
const BUSY_TIMEOUT_MS = 10_000;

export interface TrackingStoreOptions {
  /** Opens what is there for reading, and changes nothing. */
  readonly readOnly?: boolean;
  /** How long a write waits for another program's. Default 10,000. */
  readonly busyTimeoutMs?: number;
  /** Where new experiments keep their artifacts, a URI. Default `mlflow-artifacts:/`, the store's own folder. */
  readonly artifactRoot?: string;
  readonly now?: () => number;
}

/**
 * MLflow's tracking store in one folder: `mlflow.db` with MLflow's own schema, and the files in `artifacts/`. Several
 * programs may have it open at once. The methods take and give MLflow's entities; what they refuse they refuse with an
 * {@link MLflowError} as MLflow's server would; a database that cannot be read or written is a {@link FaultError}.
 */
export class TrackingStore {
  readonly folder: string;
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly metrics: MetricStore;
  readonly inputs: InputStore;
  readonly loggedModels: LoggedModelStore;
  readonly registeredModels: RegisteredModelStore;
  readonly modelVersions: ModelVersionStore;
  readonly artifacts: ArtifactStore;
  readonly overview: Overview;
  readonly #db: TrackingDatabase;

  constructor(folder: string, db: TrackingDatabase, context: StoreContext) {
    this.folder = folder;
    this.#db = db;
    this.experiments = new ExperimentStore(context);
    this.runs = new RunStore(context, this.experiments);
    this.metrics = new MetricStore(context);
    this.inputs = new InputStore(context, this.runs);
    this.loggedModels = new LoggedModelStore(context, this.experiments);
    this.registeredModels = new RegisteredModelStore(context);
    this.modelVersions = new ModelVersionStore(context, this.registeredModels, this.loggedModels);
    this.overview = new Overview(context);
    this.artifacts = new ArtifactStore(join(folder, 'artifacts'), join(folder, 'uploads'), db.readOnly);
  }

  /** Why nothing can be written; undefined for a store that can. */
  get readOnly(): Fault | undefined {
    return this.#db.readOnly;
  }

  get databaseFile(): string {
    return join(this.folder, DATABASE_FILE);
  }

  /** Writes the whole database, as it is at this moment, to a file that is not there yet. */
  copyDatabase(file: string): void {
    this.#db.run('VACUUM INTO ?', file);
  }

  /** Writes all that `body` writes, or nothing of it when it throws. */
  transaction<T>(body: () => T): T {
    return this.#db.write(body);
  }

  close(): void {
    this.#db.close();
  }
}

/**
 * Opens the tracking store of a folder, and makes it where there is none. A database that must not be written (of
 * another MLflow's schema) or cannot be (a read-only disk) opens for reading, with the reason in `readOnly`.
 *
 * @throws {FaultError} `store-locked`, `store-damaged`, `store-revision` (no MLflow database), `file-*`, `disk-full`,
 *   each naming `mlflow.db`.
 */
export function openTrackingStore(folder: string, options: TrackingStoreOptions = {}): TrackingStore {
  const {
    now = Date.now,
    artifactRoot = ARTIFACT_ROOT,
    readOnly = false,
    busyTimeoutMs = BUSY_TIMEOUT_MS,
  } = options;
  const db = openDatabase({
    file: join(folder, DATABASE_FILE),
    readOnly,
    busyTimeoutMs,
    defaultArtifactLocation: `${artifactRoot.replace(/\/$/, '')}/0`,
    now,
  });
  return new TrackingStore(folder, db, { db, now, artifactRoot });
}
