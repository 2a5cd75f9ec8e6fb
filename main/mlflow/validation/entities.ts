import type { Dataset, KeyValue } from '../../../common/mlflow/entities.ts';
import { invalidParameter } from '../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import type { LogBatch, MetricInput } from '../../../common/mlflow/requests.ts';
import { invalidValue, missingValue, quote } from './messages.ts';
import { checkLength, checkMetricKey, checkParamKey, checkTagKey, cutText } from './names.ts';

/** A request may lack what its type has: what is checked is what came. */
type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Refuses a point that MLflow refuses. `path` is where it is in a batch. */
export function checkMetric(metric: Loose<MetricInput>, path = ''): MetricInput {
  const { key, value, timestamp, step = 0 } = metric;
  checkMetricKey(key, join(path, 'name'));
  if (value === undefined) throw invalidParameter(missingValue(join(path, 'value')));
  if (timestamp === undefined || timestamp < 0)
    throw invalidParameter(
      invalidValue(
        join(path, 'timestamp'),
        timestamp,
        `metric '${key}' (value=${value}). Timestamp must be a nonnegative long (64-bit integer) `,
      ),
    );
  checkInteger(timestamp, join(path, 'timestamp'));
  checkInteger(step, join(path, 'step'));
  checkLength('Metric name', MLFLOW_LIMITS.keyLength, key);
  return { ...metric, key, value, timestamp, step };
}

/** Integers beyond 2^53 would come back changed: they are refused rather than rounded. */
function checkInteger(value: number, path: string): void {
  if (!Number.isSafeInteger(value))
    throw invalidParameter(invalidValue(path, value, 'It must be an integer between -2^53 and 2^53.'));
}

/** A param that MLflow accepts, its value cut to the limit. */
export function checkParam({ key, value = '' }: Loose<KeyValue>, path = ''): KeyValue {
  checkParamKey(key, join(path, 'key'));
  checkLength('Param key', MLFLOW_LIMITS.keyLength, key);
  return { key, value: cutText(value, MLFLOW_LIMITS.paramValueLength) };
}

/** A tag that MLflow accepts, its value cut to the limit. */
export function checkTag({ key, value = '' }: Loose<KeyValue>, path = ''): KeyValue {
  checkTagKey(key, join(path, 'key'));
  checkLength(join(path, 'key'), MLFLOW_LIMITS.keyLength, key);
  return { key, value: cutText(value, MLFLOW_LIMITS.tagValueLength) };
}

/** A tag of an experiment, of a registered model or of a version: nothing is cut. */
export function checkWholeTag({ key, value = '' }: Loose<KeyValue>, valueLimit: number): KeyValue {
  checkTagKey(key);
  checkLength('key', MLFLOW_LIMITS.keyLength, key);
  checkLength('value', valueLimit, value);
  return { key, value };
}

/** A whole batch that MLflow accepts. */
export function checkBatch(batch: LogBatch): {
  metrics: MetricInput[];
  params: KeyValue[];
  tags: KeyValue[];
} {
  const { metrics = [], params = [], tags = [] } = batch;
  const checked = {
    metrics: metrics.map((metric, at) => checkMetric(metric, `metrics[${at}]`)),
    params: params.map((param, at) => checkParam(param, `params[${at}]`)),
    tags: tags.map((tag, at) => checkTag(tag, `tags[${at}]`)),
  };
  checkBatchLimit('metrics', MLFLOW_LIMITS.batchMetrics, metrics.length);
  checkBatchLimit('params', MLFLOW_LIMITS.batchParams, params.length);
  checkBatchLimit('tags', MLFLOW_LIMITS.batchTags, tags.length);
  const total = metrics.length + params.length + tags.length;
  checkBatchLimit('metrics, params, and tags', MLFLOW_LIMITS.batchItems, total);
  checkKeysDiffer(checked.params);
  return checked;
}

function checkBatchLimit(name: string, limit: number, count: number): void {
  if (count > limit)
    throw invalidParameter(
      `A batch logging request can contain at most ${limit} ${name}. Got ${count} ${name}. Please split up ${name} across multiple requests and try again.`,
    );
}

function checkKeysDiffer(params: readonly KeyValue[]): void {
  const keys = params.map(({ key }) => key);
  const repeated = keys.filter((key, at) => keys.indexOf(key) < at);
  if (repeated.length > 0)
    throw invalidParameter(
      `Duplicate parameter keys have been submitted: [${repeated.map(quote).join(', ')}]. Please ensure the request contains only one param value per param key.`,
    );
}

export function checkDataset(dataset: Loose<Dataset>): Dataset {
  const { name = '', digest = '', source_type = '', source = '', schema, profile } = dataset;
  checkLength('name', MLFLOW_LIMITS.datasetNameLength, name);
  checkLength('digest', MLFLOW_LIMITS.datasetDigestLength, digest);
  checkLength('source', MLFLOW_LIMITS.datasetSourceLength, source);
  checkLength('schema', MLFLOW_LIMITS.datasetSchemaLength, schema);
  checkLength('profile', MLFLOW_LIMITS.datasetProfileLength, profile);
  return { name, digest, source_type, source, schema, profile };
}

export function checkInputTag({ key = '', value = '' }: Loose<KeyValue>): KeyValue {
  checkLength('key', MLFLOW_LIMITS.inputTagKeyLength, key);
  checkLength('value', MLFLOW_LIMITS.inputTagValueLength, value);
  return { key, value };
}

/** How many results a search may give. */
export function checkMaxResults(count: number, limit: number): number {
  const head = `Invalid value ${count} for parameter 'max_results' supplied. It must be`;
  if (count < 1) throw invalidParameter(`${head} a positive integer`);
  if (count > limit) throw invalidParameter(`${head} at most ${limit}`);
  return count;
}
