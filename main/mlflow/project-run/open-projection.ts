import type { Metric } from '../../../common/mlflow/entities.ts';
import { FaultError } from '../../../common/fault.ts';
import { runFile } from '../../automl/run-folder.ts';
import { readRunLock } from '../../journal/run-lock.ts';
import { processTable } from '../../node/process-table.ts';
import { openTrackingStore, type TrackingStore } from '../store/tracking-store.ts';
import { chooseExperiment } from './experiment-name.ts';
import { forgetPending, listPending, notePending, type PendingRun } from './pending-runs.ts';
import { RunProjection } from './run-projection.ts';
import { openStoreSink } from './store-sink.ts';

/** A store that another program has locked is tried again later: a job must not wait for it. */
const BUSY_TIMEOUT_MS = 300;

/** A search's projection into a store of its own connection. */
export interface OpenedProjection {
  readonly projection: RunProjection;
  tell(runId: string, metrics: readonly Metric[]): void;
  finish(): Promise<void>;
  close(): void;
}

/**
 * Opens the store of a folder for one search, and notes first that the store is owed it.
 *
 * @throws FaultError that names the database's file, when it is locked, damaged, read-only or of another MLflow
 */
export async function openProjection(storeFolder: string, run: PendingRun): Promise<OpenedProjection> {
  await notePending(storeFolder, run);
  const store = openTrackingStore(storeFolder, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  if (store.readOnly !== undefined) {
    store.close();
    throw new FaultError(store.readOnly);
  }
  const sink = openStoreSink(store);
  return {
    projection: makeProjection(store, run),
    tell: (runId, metrics) => sink.atOnce(() => sink.tell({ runId, metrics })),
    finish: () => forgetPending(storeFolder, run.runRoot),
    close: () => store.close(),
  };
}

/** What came of catching up with one search. */
export interface CaughtUp {
  readonly run: PendingRun;
  /** Why the store still lacks some of it. */
  readonly problem?: string;
}

/**
 * Catches up with the searches that the store is owed: their engine was killed, or the store could not be written. One that
 * is going on is caught up with as far as it is; one whose folder is gone is forgotten.
 */
export async function catchUp(store: TrackingStore): Promise<readonly CaughtUp[]> {
  const results: CaughtUp[] = [];
  for (const run of await listPending(store.folder)) {
    try {
      if ((await projectAll(store, run)).isOver) await forgetPending(store.folder, run.runRoot);
      results.push({ run });
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      if (error.faults[0]?.code === 'file-missing') await forgetPending(store.folder, run.runRoot);
      else results.push({ run, problem: error.message });
    }
  }
  return results;
}

/** What a search's journal came to. */
export interface Projected {
  /** Nothing more is to come, unless the search is resumed. */
  readonly isOver: boolean;
  /** The search's own run and those of its jobs. */
  readonly runs: number;
}

/** Brings the store up to date with a search's journal. One whose program was killed counts as interrupted. */
export async function projectAll(store: TrackingStore, run: PendingRun): Promise<Projected> {
  const projection = makeProjection(store, run);
  const hasEnded = await projection.pull();
  const isOver = hasEnded || !(await isCarriedOut(run.runRoot));
  if (isOver && !hasEnded) projection.abandon();
  return { isOver, runs: projection.runCount };
}

async function isCarriedOut(runRoot: string): Promise<boolean> {
  const holder = await readRunLock(runFile(runRoot, 'lock'));
  if (holder === undefined) return false;
  // another computer's processes cannot be asked for
  if (holder.host !== processTable.self().host) return true;
  return processTable.identify(holder.pid)?.started === holder.started;
}

function makeProjection(store: TrackingStore, run: PendingRun): RunProjection {
  const describeExperiment = (name: string, uid: string) => chooseExperiment(run.experiment, run, name, uid);
  return new RunProjection({ ...run, describeExperiment }, openStoreSink(store));
}
