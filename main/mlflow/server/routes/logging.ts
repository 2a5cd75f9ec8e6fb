import { invalidParameter } from '../../../../common/mlflow/error.ts';
import type { DatasetInput } from '../../../../common/mlflow/entities.ts';
import { missingValue, quote } from '../../validation/messages.ts';
import { apiRoute, type MakeRoutes } from '../http/route.ts';
import { toTags } from '../wire/encode.ts';
import { integer, listOf, message, text, type FieldValue } from '../wire/fields.ts';
import { datasetFields, keyValue, keyValues, metricFields } from '../wire/messages.ts';

const id = { run_id: text, run_uuid: text };
const idOf = ({ run_id, run_uuid }: { readonly run_id?: string; readonly run_uuid?: string }): string =>
  run_id || run_uuid || '';

const metric = message(metricFields);
const datasetInput = message({ dataset: message(datasetFields), tags: keyValues });

/** What a model's JSON must have. */
const MODEL_FIELDS = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'];

/** What is logged into a run. */
export const makeLoggingRoutes: MakeRoutes = ({ runs, inputs }) => [
  apiRoute(
    'POST',
    'runs/log-metric',
    { ...metricFields, ...id },
    ['run_id', 'key', 'value', 'timestamp'],
    (input) => {
      runs.logMetric(idOf(input), input);
      return {};
    },
  ),
  apiRoute(
    'POST',
    'runs/log-parameter',
    { ...id, key: text, value: text },
    ['run_id', 'key'],
    ({ key, value = '', ...input }) => {
      runs.logParam(idOf(input), { key, value });
      return {};
    },
  ),
  apiRoute(
    'POST',
    'runs/log-batch',
    { run_id: text, metrics: listOf(metric), params: listOf(keyValue), tags: listOf(keyValue) },
    ['run_id'],
    ({ run_id, metrics = [], params = [], tags = [] }) => {
      requireFields('params', params, ['key']);
      requireFields('tags', tags, ['key']);
      runs.logBatch({ run_id, metrics: toMetrics(metrics), params: toTags(params), tags: toTags(tags) });
      return {};
    },
  ),
  apiRoute(
    'POST',
    'runs/log-model',
    { run_id: text, model_json: text },
    ['run_id', 'model_json'],
    ({ run_id, model_json }) => {
      runs.recordModel(run_id, summarizeModel(parseModel(model_json)));
      return {};
    },
  ),
  apiRoute(
    'POST',
    'runs/log-inputs',
    { run_id: text, datasets: listOf(datasetInput), models: listOf(message({ model_id: text })) },
    ['run_id'],
    ({ run_id, datasets = [], models = [] }) => {
      inputs.logInputs({
        run_id,
        datasets: datasets.map(toDatasetInput),
        models: models.map(({ model_id = '' }) => ({ model_id })),
      });
      return {};
    },
  ),
  apiRoute(
    'POST',
    'runs/outputs',
    { run_id: text, models: listOf(message({ model_id: text, step: integer })) },
    ['run_id', 'models'],
    ({ run_id, models }) => {
      inputs.logOutputs({
        run_id,
        models: models.map(({ model_id = '', step = 0 }) => ({ model_id, step })),
      });
      return {};
    },
  ),
];

function requireFields(name: string, items: readonly object[], keys: readonly string[]): void {
  for (const [at, item] of items.entries())
    for (const key of keys) {
      const value: unknown = Reflect.get(item, key);
      if (value === undefined || value === '')
        throw invalidParameter(
          `${missingValue(`${name}[${at}].${key}`)} See the API docs for more information about request parameters.`,
        );
    }
}

type Whole<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function toMetrics(metrics: readonly FieldValue<typeof metric>[]) {
  requireFields('metrics', metrics, ['key', 'value', 'timestamp']);
  return metrics as readonly Whole<
    Required<Pick<FieldValue<typeof metric>, 'key' | 'value' | 'timestamp'>>
  >[];
}

function toDatasetInput({ dataset = {}, tags }: FieldValue<typeof datasetInput>): DatasetInput {
  const { name = '', digest = '', source_type = '', source = '', schema, profile } = dataset;
  return { dataset: { name, digest, source_type, source, schema, profile }, tags: toTags(tags) };
}

/** What MLflow keeps of a model in the run's tag: how to find it and load it. */
function summarizeModel(model: Record<string, unknown>): object {
  const flavors = Object.entries((model['flavors'] ?? {}) as Record<string, unknown>).map(
    ([name, flavor]) => {
      if (typeof flavor !== 'object' || flavor === null) return [name, flavor] as const;
      const { config: _, ...kept } = flavor as Record<string, unknown>;
      return [name, kept] as const;
    },
  );
  return {
    run_id: model['run_id'],
    artifact_path: model['artifact_path'],
    utc_time_created: model['utc_time_created'],
    model_uuid: model['model_uuid'] ?? null,
    flavors: Object.fromEntries(flavors),
  };
}

function parseModel(json: string): Record<string, unknown> {
  let model: unknown;
  try {
    model = JSON.parse(json);
  } catch {
    throw invalidParameter(`Malformed model info. \n ${json} \n is not a valid JSON.`);
  }
  const found = typeof model === 'object' && model !== null ? model : {};
  const missing = MODEL_FIELDS.filter((field) => !Object.hasOwn(found, field));
  if (missing.length > 0)
    throw invalidParameter(`Model json is missing mandatory fields: {${missing.map(quote).join(', ')}}`);
  return found as Record<string, unknown>;
}
