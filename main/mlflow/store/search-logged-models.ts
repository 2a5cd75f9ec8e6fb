import type { KeyValue, LifecycleStage, LoggedModel, Metric } from '../../../common/mlflow/entities.ts';
import { MODEL_STATUSES } from '../../../common/mlflow/vocabulary.ts';
import { invalidParameter } from '../../../common/mlflow/error.ts';
import { MLFLOW_DEFAULT_RESULTS } from '../../../common/mlflow/limits.ts';
import type { OrderModelsBy, Page, SearchLoggedModels } from '../../../common/mlflow/requests.ts';
import { parseFilter, type Clause } from '../search/clause.ts';
import { LOGGED_MODEL_GRAMMAR } from '../search/grammars.ts';
import { parseExperimentId } from '../validation/names.ts';
import { compare, hasKey, joinConditions, type Condition } from './conditions.ts';
import { placeholders, type SqlValue, type TrackingDatabase } from './database.ts';

export interface ModelRow {
  model_id: string;
  experiment_id: number;
  name: string;
  artifact_location: string;
  creation_timestamp_ms: number;
  last_updated_timestamp_ms: number;
  status: number;
  lifecycle_stage: LifecycleStage | null;
  model_type: string | null;
  source_run_id: string | null;
  status_message: string | null;
}

export const MODEL_COLUMNS =
  'm.model_id, m.experiment_id, m.name, m.artifact_location, m.creation_timestamp_ms, m.last_updated_timestamp_ms, m.status, m.lifecycle_stage, m.model_type, m.source_run_id, m.status_message';
const OWNER = 't.model_id = m.model_id';

/** The models of some experiments that fit a filter, newest first unless an order is given. */
export function searchLoggedModels(db: TrackingDatabase, request: SearchLoggedModels): Page<LoggedModel> {
  const count = request.max_results || MLFLOW_DEFAULT_RESULTS.loggedModels;
  const offset = readModelToken(request);
  const datasets = isOnDatasets(request.datasets ?? []);
  const clauses = parseFilter(request.filter, LOGGED_MODEL_GRAMMAR);
  const order = makeOrder(request.order_by ?? []);
  const ids = request.experiment_ids.map(parseExperimentId);
  const onDatasets =
    datasets === undefined || clauses.some(({ kind }) => kind === 'metric') ? [] : [hasMetric(datasets)];
  const { sql, values } = joinConditions([
    {
      sql: `m.experiment_id IN (${placeholders(ids.length)}) AND m.lifecycle_stage <> 'deleted'`,
      values: ids,
    },
    ...clauses.map((clause) => makeCondition(clause, datasets)),
    ...onDatasets,
  ]);
  return db.read(() => {
    const rows = db.all<ModelRow>(
      `SELECT ${MODEL_COLUMNS} FROM logged_models m WHERE ${sql} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
      ...values,
      ...order.values,
      count + 1,
      offset,
    );
    const items = toLoggedModels(db, rows.slice(0, count));
    return rows.length > count ? { items, token: makeModelToken(request, offset + count) } : { items };
  });
}

/** Whole models: tags, params and metrics. */
export function toLoggedModels(db: TrackingDatabase, rows: readonly ModelRow[]): LoggedModel[] {
  return rows.map((row) => ({
    info: {
      model_id: row.model_id,
      experiment_id: String(row.experiment_id),
      name: row.name,
      creation_timestamp_ms: row.creation_timestamp_ms,
      last_updated_timestamp_ms: row.last_updated_timestamp_ms,
      artifact_uri: row.artifact_location,
      status: MODEL_STATUSES[row.status] ?? MODEL_STATUSES[0],
      model_type: row.model_type ?? undefined,
      source_run_id: row.source_run_id ?? undefined,
      status_message: row.status_message ?? undefined,
      tags: db.all<KeyValue>(
        'SELECT tag_key AS key, tag_value AS value FROM logged_model_tags WHERE model_id = ?',
        row.model_id,
      ),
    },
    data: {
      params: db.all<KeyValue>(
        'SELECT param_key AS key, param_value AS value FROM logged_model_params WHERE model_id = ?',
        row.model_id,
      ),
      metrics: db
        .all<Nullable<Metric>>(
          `SELECT metric_name AS key, metric_value AS value, metric_timestamp_ms AS timestamp, metric_step AS step,
             dataset_name, dataset_digest, model_id, run_id FROM logged_model_metrics WHERE model_id = ?`,
          row.model_id,
        )
        .map(toModelMetric),
    },
  }));
}

type Nullable<T> = { [K in keyof T]-?: Exclude<T[K], undefined> | null };

function toModelMetric(row: Nullable<Metric>): Metric {
  return {
    key: row.key!,
    value: row.value ?? NaN,
    timestamp: row.timestamp!,
    step: row.step!,
    dataset_name: row.dataset_name ?? undefined,
    dataset_digest: row.dataset_digest ?? undefined,
    model_id: row.model_id!,
    run_id: row.run_id!,
  };
}

function isOnDatasets(datasets: NonNullable<SearchLoggedModels['datasets']>): Condition | undefined {
  if (datasets.some(({ dataset_name: name }) => !name))
    throw invalidParameter('`dataset_name` in the `datasets` clause must be specified.');
  if (datasets.length === 0) return undefined;
  const parts = datasets.map(({ dataset_name, dataset_digest }) =>
    dataset_digest === undefined
      ? { sql: 't.dataset_name = ?', values: [dataset_name] }
      : { sql: '(t.dataset_name = ? AND t.dataset_digest = ?)', values: [dataset_name, dataset_digest] },
  );
  return {
    sql: `(${parts.map(({ sql }) => sql).join(' OR ')})`,
    values: parts.flatMap(({ values }) => values),
  };
}

function hasMetric(condition: Condition): Condition {
  return {
    sql: `EXISTS (SELECT 1 FROM logged_model_metrics t WHERE ${OWNER} AND ${condition.sql})`,
    values: condition.values,
  };
}

function makeCondition(clause: Clause, datasets: Condition | undefined): Condition {
  switch (clause.kind) {
    case 'metric': {
      const fits = compare('t.metric_value', clause);
      const all = [
        { sql: 't.metric_name = ?', values: [clause.key] },
        fits,
        ...(datasets === undefined ? [] : [datasets]),
      ];
      return hasMetric(joinConditions(all));
    }
    case 'parameter':
      return hasKey(
        { name: 'logged_model_params', owner: OWNER, key: 'param_key', value: 'param_value' },
        clause,
      );
    case 'tag':
      return hasKey({ name: 'logged_model_tags', owner: OWNER, key: 'tag_key', value: 'tag_value' }, clause);
    default:
      return compare(`m.${columnOf(clause.key)}`, clause);
  }
}

const columnOf = (key: string): string =>
  LOGGED_MODEL_GRAMMAR.attributes[key as keyof typeof LOGGED_MODEL_GRAMMAR.attributes].column;

function makeOrder(orders: readonly OrderModelsBy[]): Condition {
  const parts = orders.map(makeOrderPart);
  const columns = orders.map(({ field_name: name }) =>
    name in LOGGED_MODEL_GRAMMAR.attributes ? columnOf(name) : name,
  );
  if (!columns.includes('creation_timestamp_ms'))
    parts.push({ sql: 'm.creation_timestamp_ms DESC', values: [] });
  if (!columns.includes('model_id')) parts.push({ sql: 'm.model_id', values: [] });
  return { sql: parts.map(({ sql }) => sql).join(', '), values: parts.flatMap(({ values }) => [...values]) };
}

/** By an attribute or by the latest value of a metric; models without it come last. */
function makeOrderPart({
  field_name: name,
  ascending = true,
  dataset_name,
  dataset_digest,
}: OrderModelsBy): Condition {
  const way = ascending ? 'ASC' : 'DESC';
  const point = name.indexOf('.');
  if (point < 0) {
    if (!(name in LOGGED_MODEL_GRAMMAR.attributes))
      throw invalidParameter(`Invalid order by field name: ${name}`);
    return { sql: `m.${columnOf(name)} ${way} NULLS LAST`, values: [] };
  }
  if (name.slice(0, point) !== 'metrics')
    throw invalidParameter(`Invalid order by field name: ${name}. Only metrics are supported.`);
  const values: SqlValue[] = [name.slice(point + 1)];
  let where = `${OWNER} AND t.metric_name = ?`;
  for (const [column, value] of [
    ['dataset_name', dataset_name],
    ['dataset_digest', dataset_digest],
  ] as const)
    if (value !== undefined && value !== '') {
      where += ` AND t.${column} = ?`;
      values.push(value);
    }
  return {
    sql: `(SELECT t.metric_value FROM logged_model_metrics t WHERE ${where}
           ORDER BY t.metric_timestamp_ms DESC, t.metric_step DESC, t.run_id LIMIT 1) ${way} NULLS LAST`,
    values,
  };
}

/** A page's token holds what was searched for, so that it cannot go on with another search. */
function makeModelToken(request: SearchLoggedModels, offset: number): string {
  return Buffer.from(JSON.stringify({ ...searchedFor(request), offset })).toString('base64');
}

function searchedFor({ experiment_ids, filter, order_by }: SearchLoggedModels): Record<string, unknown> {
  return {
    experiment_ids,
    filter_string: filter ?? null,
    order_by: order_by === undefined || order_by.length === 0 ? null : order_by,
  };
}

function readModelToken(request: SearchLoggedModels): number {
  if (request.page_token === undefined || request.page_token === '') return 0;
  let token: Record<string, unknown>;
  try {
    token = JSON.parse(Buffer.from(request.page_token, 'base64').toString('utf8')) as Record<string, unknown>;
  } catch {
    throw invalidParameter(`Invalid page token: ${request.page_token}`);
  }
  const names = { experiment_ids: 'Experiment IDs', filter_string: 'Filter string', order_by: 'Order by' };
  for (const [key, wanted] of Object.entries(searchedFor(request))) {
    const found = JSON.stringify(token[key] ?? null);
    if (found !== JSON.stringify(wanted))
      throw invalidParameter(
        `${names[key as keyof typeof names]} in the page token do not match the request. Expected: ${JSON.stringify(wanted)}. Found: ${found}`,
      );
  }
  return typeof token['offset'] === 'number' ? token['offset'] : 0;
}
