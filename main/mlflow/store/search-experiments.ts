import type { LifecycleStage, ViewType } from '../../../common/mlflow/entities.ts';
import { invalidParameter } from '../../../common/mlflow/error.ts';
import { MLFLOW_DEFAULT_RESULTS, MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import type { Page, SearchExperiments } from '../../../common/mlflow/requests.ts';
import { parseFilter, type Clause } from '../search/clause.ts';
import { EXPERIMENT_GRAMMAR } from '../search/grammars.ts';
import { parseOrder } from '../search/order-by.ts';
import { makePageToken, readPageToken } from '../search/page-token.ts';
import { checkMaxResults } from '../validation/entities.ts';
import { parseExperimentId } from '../validation/names.ts';
import { compare, hasKey, joinConditions, type Condition } from './conditions.ts';
import { placeholders, type TrackingDatabase } from './database.ts';

export interface ExperimentRow {
  experiment_id: number;
  name: string;
  artifact_location: string | null;
  lifecycle_stage: LifecycleStage;
  creation_time: number | null;
  last_update_time: number | null;
}

export const EXPERIMENT_COLUMNS =
  'e.experiment_id, e.name, e.artifact_location, e.lifecycle_stage, e.creation_time, e.last_update_time';
const TAGS = { name: 'experiment_tags', owner: 't.experiment_id = e.experiment_id' };

/** The stages that a view shows. */
export function stagesOf(view: ViewType | undefined): readonly LifecycleStage[] {
  if (view === 'ALL') return ['active', 'deleted'];
  return view === 'DELETED_ONLY' ? ['deleted'] : ['active'];
}

/** The experiments that fit a filter, newest first unless an order is given. `extra` is a further condition in SQL. */
export function searchExperimentRows(
  db: TrackingDatabase,
  request: SearchExperiments,
  extra: string,
): Page<ExperimentRow> {
  const wanted = request.max_results ?? MLFLOW_DEFAULT_RESULTS.experiments;
  const count = checkMaxResults(wanted, MLFLOW_LIMITS.searchResults);
  const clauses = parseFilter(request.filter, EXPERIMENT_GRAMMAR).map(makeCondition);
  const order = makeOrder(request.order_by ?? []);
  const offset = readPageToken(request.page_token);
  const stages = stagesOf(request.view_type);
  const inStages = `e.lifecycle_stage IN (${placeholders(stages.length)})${extra}`;
  const { sql, values } = joinConditions([{ sql: inStages, values: stages }, ...clauses]);
  const rows = db.all<ExperimentRow>(
    `SELECT ${EXPERIMENT_COLUMNS} FROM experiments e WHERE ${sql} ORDER BY ${order} LIMIT ? OFFSET ?`,
    ...values,
    count + 1,
    offset,
  );
  return rows.length > count
    ? { items: rows.slice(0, count), token: makePageToken(offset + count) }
    : { items: rows };
}

const columnOf = (key: string): string =>
  EXPERIMENT_GRAMMAR.attributes[key as keyof typeof EXPERIMENT_GRAMMAR.attributes].column;

function makeCondition(clause: Clause): Condition {
  if (clause.kind === 'tag') return hasKey(TAGS, clause);
  const column = columnOf(clause.key);
  if (column === 'experiment_id') return compareId(clause);
  if (clause.comparator.endsWith('IN'))
    throw invalidParameter(`Invalid comparator for string attribute: ${clause.comparator}`);
  return compare(`e.${column}`, clause);
}

/** Ids are numbers that are written as texts. */
function compareId({ comparator, value }: Clause): Condition {
  if (!['=', '!=', 'IN', 'NOT IN'].includes(comparator))
    throw invalidParameter(`Invalid comparator for experiment_id: ${comparator}`);
  const ids = [value].flat().map((id) => parseExperimentId(String(id)));
  const isNot = comparator === '!=' || comparator === 'NOT IN';
  return { sql: `e.experiment_id ${isNot ? 'NOT ' : ''}IN (${placeholders(ids.length)})`, values: ids };
}

function makeOrder(items: readonly string[]): string {
  const wanted = items.length === 0 ? ['creation_time DESC', 'experiment_id ASC'] : items;
  const columns = parseOrder(wanted, EXPERIMENT_GRAMMAR).map(({ kind, key, isAscending }) => {
    if (kind !== 'attribute') throw invalidParameter(`Invalid order_by entity: ${kind}`);
    return { column: columnOf(key), way: isAscending ? 'ASC' : 'DESC' };
  });
  if (!columns.some(({ column }) => column === 'experiment_id'))
    columns.push({ column: 'experiment_id', way: 'DESC' });
  return columns.map(({ column, way }) => `e.${column} ${way}`).join(', ');
}
