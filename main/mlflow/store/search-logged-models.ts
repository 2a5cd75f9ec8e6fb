import type { LoggedModel } from '../../../common/mlflow/entities.ts';
import { invalidParameter } from '../../../common/mlflow/error.ts';
import { MLFLOW_DEFAULT_RESULTS } from '../../../common/mlflow/limits.ts';
import type { OrderModelsBy, Page, SearchLoggedModels } from '../../../common/mlflow/requests.ts';
import { parseFilter, type Clause } from '../search/clause.ts';
import { LOGGED_MODEL_GRAMMAR } from '../search/grammars.ts';
import { parseExperimentId } from '../validation/names.ts';
import { compare, hasKey, isAnyOf, joinConditions, type Condition } from './conditions.ts';
import type { SqlValue, TrackingDatabase } from './database.ts';
import { hasLoggedModels, MODEL_COLUMNS, toLoggedModels, type ModelRow } from './logged-model-rows.ts';
import { makeModelToken, readModelToken } from './logged-model-token.ts';

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
    isAnyOf('m.experiment_id', ids),
    { sql: `m.lifecycle_stage <> 'deleted'`, values: [] },
    ...clauses.map((clause) => makeCondition(clause, datasets)),
    ...onDatasets,
  ]);
  return db.read(() => {
    if (!hasLoggedModels(db)) return { items: [] };
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
