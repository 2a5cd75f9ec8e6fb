import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_STATUSES } from '../../../common/mlflow/vocabulary.ts';
import type { Metric, ModelOutput } from '../../../common/mlflow/entities.ts';
import { PROMPT_TAG } from '../store/registry/search-registry.ts';
import { DELETED_STAGE } from '../store/registry/registry-rows.ts';
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
  ImportedModel,
  ImportedRegisteredModel,
  ImportedVersion,
} from './import-source.ts';

/** A logged model of MLflow's file store; `deleted` for one that was deleted. */
export async function readModel(
  folder: string,
  modelId: string,
  experiment: ImportedExperiment,
): Promise<ImportedModel | 'deleted' | undefined> {
  const meta = await readMeta(folder);
  if (meta === undefined) return undefined;
  const said = scalarsOf(meta);
  if (said.lifecycle_stage === 'deleted') return 'deleted';
  return {
    modelId,
    experiment,
    name: said.name ?? modelId,
    type: said.model_type ?? '',
    status: MODEL_STATUSES[toNumber(said.status) ?? 0] ?? MODEL_STATUSES[0],
    sourceRunId: said.source_run_id ?? '',
    createdAt: toNumber(said.creation_timestamp) ?? 0,
    params: await readTexts(join(folder, 'params')),
    tags: await readTexts(join(folder, 'tags')),
    metrics: await readModelMetrics(join(folder, 'metrics')),
    artifactUri: said.artifact_location ?? '',
    files: { folder: join(folder, 'artifacts') },
  };
}

/** Lines as `1700000000000 0.5 3 <run id>`, with a data set's name and digest behind in some. */
async function readModelMetrics(folder: string): Promise<readonly Metric[]> {
  const found: Metric[] = [];
  for await (const { key, words } of readLines(folder)) {
    const [time, value, step = '0', run_id, dataset_name, dataset_digest] = words;
    found.push({
      key,
      value: readFloat(value!),
      step: Number(step),
      timestamp: Number(time),
      ...(run_id === undefined ? {} : { run_id }),
      ...(dataset_digest === undefined ? {} : { dataset_name, dataset_digest }),
    });
  }
  return found;
}

/** The models that a run made, or used: folders by their ids. */
export async function readModelLinks(folder: string): Promise<readonly ModelOutput[]> {
  const found: ModelOutput[] = [];
  for (const name of await foldersOf(folder)) {
    const { source_type, destination_type, source_id, step } = scalarsOf(
      (await readMeta(join(folder, name))) ?? {},
    );
    const isModel =
      source_type === 'MODEL_INPUT' || source_type === 'MODEL' || destination_type === 'MODEL_OUTPUT';
    if (isModel) found.push({ model_id: source_id ?? name, step: toNumber(step) ?? 0 });
  }
  return found;
}

/** The registered models of MLflow's file store; prompts, which are kept with them, are counted. */
export async function* readRegisteredModels(
  root: string,
  countPrompt: () => void,
): AsyncGenerator<ImportedRegisteredModel> {
  for (const folder of (await foldersOf(root)).map((name) => join(root, name))) {
    const meta = await readMeta(folder);
    if (meta === undefined) continue;
    const said = scalarsOf(meta);
    const tags = await readTexts(join(folder, 'tags'));
    if (tags.some(({ key, value }) => key === PROMPT_TAG && value === 'true')) {
      countPrompt();
      continue;
    }
    yield {
      name: said.name ?? folder.slice(root.length + 1),
      description: said.description ?? '',
      createdAt: toNumber(said.creation_timestamp) ?? 0,
      updatedAt: toNumber(said.last_updated_timestamp) ?? 0,
      tags,
      aliases: await readAliases(join(folder, 'aliases')),
      versions: await readVersions(folder),
    };
  }
}

async function readAliases(folder: string): Promise<ImportedRegisteredModel['aliases']> {
  const found = [];
  for (const alias of await filesBelow(folder))
    found.push({ alias, version: Number(await readFile(join(folder, alias), 'utf8')) });
  return found;
}

async function readVersions(folder: string): Promise<readonly ImportedVersion[]> {
  const found: ImportedVersion[] = [];
  for (const name of (await foldersOf(folder)).filter((child) => /^version-\d+$/.test(child))) {
    const said = scalarsOf((await readMeta(join(folder, name))) ?? {});
    const { model_id: modelId, current_stage: stage = 'None' } = said;
    if (stage === DELETED_STAGE || said.version === undefined) continue;
    found.push({
      version: Number(said.version),
      createdAt: toNumber(said.creation_timestamp) ?? 0,
      updatedAt: toNumber(said.last_updated_timestamp) ?? 0,
      description: said.description ?? '',
      userId: said.user_id ?? '',
      stage,
      source: said.source ?? '',
      runId: said.run_id ?? '',
      ...(modelId === undefined ? {} : { modelId }),
      tags: await readTexts(join(folder, name, 'tags')),
    });
  }
  return found.toSorted((a, b) => a.version - b.version);
}
