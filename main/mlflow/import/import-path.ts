import { basename } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import { listLocalModels } from '../outbox/local-models.ts';
import { projectAll } from '../project-run/open-projection.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import { findImport } from './find-import.ts';
import type { ImportReport } from './import-source.ts';
import { readDatabase } from './read-database.ts';
import { readFileStore } from './read-file-store.ts';
import { takeOver } from './take-over.ts';

export interface ImportRequest {
  /** Absolute path of what is imported. */
  readonly path: string;
  /** Folder of the artifacts of a database, where it is not beside it. */
  readonly artifacts?: string;
}

/**
 * Brings what a path holds into the store: an `mlruns` folder, a database of MLflow, searches of Outerloop by their journals.
 * Runs keep their ids, so that importing again adds what is new and nothing twice.
 *
 * @throws FaultError for a path that holds nothing of it, a source that cannot be read, a store that cannot be written
 */
export async function importPath(
  store: TrackingStore,
  { path, artifacts }: ImportRequest,
): Promise<ImportReport> {
  const found = await findImport(path);
  if (found.kind === 'searches') return importSearches(store, found.runs);
  const source =
    found.kind === 'database' ? readDatabase(found.file, artifacts) : readFileStore(found.folder, artifacts);
  return takeOver(store, source);
}

async function importSearches(
  store: TrackingStore,
  runs: readonly { readonly runRoot: string; readonly mmarRoot: string }[],
): Promise<ImportReport> {
  const problems: string[] = [];
  const before = count(store);
  let read = 0;
  for (const run of runs) {
    const experiment = { rule: 'run' as const, tags: [] };
    const pending = { ...run, mmar: basename(run.mmarRoot), experiment, keepsModels: true };
    try {
      read += (await projectAll(store, pending)).runs;
    } catch (error) {
      if (!(error instanceof FaultError) || store.readOnly !== undefined) throw error;
      problems.push(`${basename(run.runRoot)}: ${error.message}`);
    }
  }
  const after = count(store);
  const newRuns = after.runs - before.runs;
  const newModels = after.models - before.models;
  return { newRuns, knownRuns: read - newRuns, newModels, newVersions: 0, files: 0, problems };
}

/** How many active runs and logged models there are. */
function count(store: TrackingStore): { readonly runs: number; readonly models: number } {
  const runs = [...store.overview.countRuns().values()].reduce((sum, { total }) => sum + total, 0);
  return { runs, models: listLocalModels(store).length };
}
