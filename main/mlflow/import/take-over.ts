import { FaultError } from '../../../common/fault.ts';
import { MLflowError } from '../../../common/mlflow/error.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import { copyFiles } from './copy-files.ts';
import type { ImportReport, ImportSource, ImportedRun } from './import-source.ts';
import { linkModels, writeModel } from './write-imported-model.ts';
import { writeRun } from './write-imported-run.ts';
import { writeRegisteredModel } from './write-registered-model.ts';

/**
 * Takes over runs, logged models and registered models of another store, under their own ids: importing twice, or importing a
 * store that has grown, adds what is new and nothing twice. What MLflow's rules refuse is left out and told.
 *
 * @throws FaultError for a store that cannot be written
 */
export async function takeOver(store: TrackingStore, source: ImportSource): Promise<ImportReport> {
  if (store.readOnly !== undefined) throw new FaultError(store.readOnly);
  const taken = new Taken(store);
  try {
    for await (const run of source.runs()) await taken.addRun(run);
    for await (const model of source.models()) await taken.addModel(model);
    for (const run of taken.links) taken.attempt(`run ${run.name}`, () => linkModels(store, run));
    for await (const model of source.registered()) taken.addRegistered(model);
    return taken.report(source.leftOut());
  } finally {
    source.close();
  }
}

type Link = Pick<ImportedRun, 'runId' | 'name' | 'modelInputs' | 'modelOutputs'>;

/** What has been taken over so far. */
class Taken {
  readonly links: Link[] = [];
  readonly #store: TrackingStore;
  readonly #places = new Map<string, string>();
  readonly #problems: string[] = [];
  readonly #counts = { newRuns: 0, knownRuns: 0, newModels: 0, newVersions: 0, files: 0 };

  constructor(store: TrackingStore) {
    this.#store = store;
  }

  async addRun(run: ImportedRun): Promise<void> {
    const store = this.#store;
    const report = this.#reporter(`run ${run.name}`);
    const isNew = this.attempt(`run ${run.name}`, () => writeRun(store, run, report));
    if (isNew === undefined) return;
    this.#counts[isNew ? 'newRuns' : 'knownRuns']++;
    const { artifact_uri: uri } = store.runs.get(run.runId).info;
    this.#places.set(run.artifactUri, uri);
    this.#counts.files += await copyFiles(store, run.files, uri, report);
    const { runId, name, modelInputs, modelOutputs } = run;
    if (modelInputs.length + modelOutputs.length > 0)
      this.links.push({ runId, name, modelInputs, modelOutputs });
  }

  async addModel(model: Parameters<typeof writeModel>[1]): Promise<void> {
    const store = this.#store;
    const report = this.#reporter(`model ${model.name}`);
    const isNew = this.attempt(`model ${model.name}`, () => writeModel(store, model, report));
    if (isNew === undefined) return;
    if (isNew) this.#counts.newModels++;
    const { artifact_uri: uri } = store.loggedModels.get(model.modelId).info;
    this.#places.set(model.artifactUri, uri);
    this.#counts.files += await copyFiles(store, model.files, uri, report);
  }

  addRegistered(model: Parameters<typeof writeRegisteredModel>[1]): void {
    const what = `registered model ${model.name}`;
    const write = (): number => writeRegisteredModel(this.#store, model, this.#places, this.#reporter(what));
    this.#counts.newVersions += this.attempt(what, write) ?? 0;
  }

  report(leftOut: readonly string[]): ImportReport {
    return { ...this.#counts, problems: [...this.#problems, ...leftOut.map((what) => `left out: ${what}`)] };
  }

  /** All of it is written or nothing; what MLflow's rules refuse is told. */
  attempt<T>(what: string, write: () => T): T | undefined {
    try {
      return this.#store.transaction(write);
    } catch (error) {
      if (!(error instanceof MLflowError)) throw error;
      this.#reporter(what)(error.message);
      return undefined;
    }
  }

  #reporter(what: string): (problem: string) => void {
    return (problem) => void this.#problems.push(`${what}: ${problem}`);
  }
}
