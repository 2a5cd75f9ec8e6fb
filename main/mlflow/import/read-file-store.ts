import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatasetInput, Metric, RunStatus } from '../../../common/mlflow/entities.ts';
import { RUN_STATUSES } from '../../../common/mlflow/vocabulary.ts';
import { describeCounts, type OtherContent } from '../store/other-contents.ts';
import {
  filesBelow,
  foldersOf,
  readFloat,
  readLines,
  readMeta,
  readTexts,
  toNumber,
} from './file-store-files.ts';
import { scalarsOf } from './flat-yaml.ts';
import type {
  ImportedExperiment,
  ImportedFiles,
  ImportedModel,
  ImportedRun,
  ImportSource,
} from './import-source.ts';
import { locateFiles } from './locate-files.ts';
import { readModel, readModelLinks, readRegisteredModels } from './read-file-store-models.ts';

/** Folders of an experiment that are no runs. */
const RESERVED = ['tags', 'datasets', 'traces', 'models'];
/** Where `mlflow server` keeps the artifacts that it takes itself, beside its `mlruns`. */
const ARTIFACT_FOLDER = 'mlartifacts';

/**
 * An `mlruns` folder: MLflow's file store (MLflow 1 to 3). What was deleted is left out.
 *
 * @param artifacts folder of the artifacts that its server took; found beside it when left out
 */
export function readFileStore(root: string, artifacts?: string): ImportSource {
  const beside = join(dirname(root), ARTIFACT_FOLDER);
  const files = { folder: root, root: artifacts ?? (existsSync(beside) ? beside : undefined) };
  const reading = new FileStoreReading(root, (uri) => locateFiles(uri, files));
  return {
    runs: () => reading.readRuns(),
    models: () => reading.readModels(),
    registered: () => readRegisteredModels(join(root, 'models'), () => reading.count('prompts')),
    leftOut: () => describeCounts(reading.counts),
    close: () => undefined,
  };
}

/** True for a folder that the file store made. */
export async function isFileStore(root: string): Promise<boolean> {
  for (const name of await foldersOf(root))
    if (/^\d+$/.test(name) && (await readMeta(join(root, name))) !== undefined) return true;
  return false;
}

interface ExperimentFolder {
  readonly folder: string;
  readonly experiment: ImportedExperiment;
}

class FileStoreReading {
  /** What was left out so far. */
  readonly counts: Partial<Record<OtherContent, number>> = {};
  readonly #root: string;
  readonly #locate: (uri: string) => ImportedFiles;
  #found: Promise<readonly ExperimentFolder[]> | undefined;

  constructor(root: string, locate: (uri: string) => ImportedFiles) {
    this.#root = root;
    this.#locate = locate;
  }

  count(what: OtherContent, more = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + more;
  }

  async *readRuns(): AsyncGenerator<ImportedRun> {
    this.count('deletedExperiments', (await foldersOf(join(this.#root, '.trash'))).length);
    for (const { folder, experiment } of await this.#experiments()) {
      this.count('traces', (await foldersOf(join(folder, 'traces'))).length);
      for (const run of (await foldersOf(folder)).filter((child) => !RESERVED.includes(child))) {
        const imported = await readRun(join(folder, run), folder, run, experiment, this.#locate);
        if (imported === 'deleted') this.count('deletedRuns');
        else if (imported !== undefined) yield imported;
      }
    }
  }

  async *readModels(): AsyncGenerator<ImportedModel> {
    for (const { folder, experiment } of await this.#experiments())
      for (const id of await foldersOf(join(folder, 'models'))) {
        const model = await readModel(join(folder, 'models', id), id, experiment);
        if (model === 'deleted') this.count('deletedModels');
        else if (model !== undefined)
          yield { ...model, files: await chooseFiles(model.files, model.artifactUri, this.#locate) };
      }
  }

  /** The active ones, with their folders. */
  #experiments(): Promise<readonly ExperimentFolder[]> {
    this.#found ??= this.#listExperiments();
    return this.#found;
  }

  async #listExperiments(): Promise<readonly ExperimentFolder[]> {
    const found: ExperimentFolder[] = [];
    for (const id of (await foldersOf(this.#root)).filter((name) => /^\d+$/.test(name))) {
      const folder = join(this.#root, id);
      const meta = await readMeta(folder);
      if (meta === undefined) continue;
      const { name = id, lifecycle_stage: stage } = scalarsOf(meta);
      if (stage === 'deleted') this.count('deletedExperiments');
      else found.push({ folder, experiment: { name, tags: await readTexts(join(folder, 'tags')) } });
    }
    return found;
  }
}

async function readRun(
  folder: string,
  experimentFolder: string,
  runId: string,
  experiment: ImportedExperiment,
  locate: (uri: string) => ImportedFiles,
): Promise<ImportedRun | 'deleted' | undefined> {
  const meta = await readMeta(folder);
  if (meta === undefined) return undefined;
  const said = scalarsOf(meta);
  if (said.lifecycle_stage === 'deleted') return 'deleted';
  const tags = await readTexts(join(folder, 'tags'));
  const endTime = toNumber(said.end_time);
  const artifactUri = said.artifact_uri ?? '';
  return {
    runId,
    experiment,
    name: said.run_name ?? tags.find(({ key }) => key === 'mlflow.runName')?.value ?? runId,
    userId: said.user_id ?? '',
    status: readStatus(said.status),
    startTime: toNumber(said.start_time) ?? 0,
    ...(endTime === undefined ? {} : { endTime }),
    params: await readTexts(join(folder, 'params')),
    tags,
    metrics: await readMetrics(join(folder, 'metrics')),
    inputs: await readInputs(join(folder, 'inputs'), join(experimentFolder, 'datasets')),
    modelInputs: (await readModelLinks(join(folder, 'inputs'))).map(({ model_id }) => model_id),
    modelOutputs: await readModelLinks(join(folder, 'outputs')),
    artifactUri,
    files: await chooseFiles({ folder: join(folder, 'artifacts') }, artifactUri, locate),
  };
}

/** A folder that was moved holds its files still; where it holds none they may be at another place. */
async function chooseFiles(
  own: { readonly folder: string } | ImportedFiles,
  uri: string,
  locate: (uri: string) => ImportedFiles,
): Promise<ImportedFiles> {
  const isOwn = uri === '' || /^file:/i.test(uri) || !/^[a-z][a-z0-9+.-]+:/i.test(uri);
  if (isOwn || ('folder' in own && (await filesBelow(own.folder)).length > 0)) return own;
  return locate(uri);
}

/** Numbers in files of MLflow 1 and 2, names in some. */
function readStatus(text = ''): RunStatus {
  const byNumber: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];
  return byNumber[Number(text) - 1] ?? RUN_STATUSES.find((status) => status === text) ?? 'FINISHED';
}

/** Lines as `1700000000000 0.5 3`, with a data set's name and digest behind in some; very old ones have no step. */
async function readMetrics(folder: string): Promise<readonly Metric[]> {
  const found: Metric[] = [];
  for await (const { key, words } of readLines(folder)) {
    const [time, value, step = '0'] = words;
    found.push({ key, value: readFloat(value!), step: Number(step), timestamp: Number(time) });
  }
  return found;
}

async function readInputs(folder: string, datasets: string): Promise<readonly DatasetInput[]> {
  const found: DatasetInput[] = [];
  for (const name of await foldersOf(folder)) {
    const meta = (await readMeta(join(folder, name))) ?? {};
    const { source_type: type, source_id: id } = scalarsOf(meta);
    const dataset = type === 'DATASET' && id !== undefined ? await readMeta(join(datasets, id)) : undefined;
    if (dataset === undefined) continue;
    const { name: title, digest, source_type = '', source = '', schema, profile } = scalarsOf(dataset);
    if (title === undefined || digest === undefined) continue;
    const tags = typeof meta.tags === 'object' && meta.tags !== null ? scalarsOf(meta.tags) : {};
    found.push({
      dataset: {
        name: title,
        digest,
        source_type,
        source,
        ...(schema === undefined ? {} : { schema }),
        ...(profile === undefined ? {} : { profile }),
      },
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    });
  }
  return found;
}
