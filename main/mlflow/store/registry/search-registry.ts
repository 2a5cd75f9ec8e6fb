import type { ModelVersion, RegisteredModel } from '../../../../common/mlflow/entities.ts';
import { invalidParameter } from '../../../../common/mlflow/error.ts';
import { MLFLOW_DEFAULT_RESULTS, MLFLOW_LIMITS } from '../../../../common/mlflow/limits.ts';
import type { Page, SearchRegistry } from '../../../../common/mlflow/requests.ts';
import { parseFilter, type Clause, type SearchGrammar } from '../../search/clause.ts';
import {
  MODEL_VERSION_GRAMMAR,
  MODEL_VERSION_ORDER,
  REGISTERED_MODEL_GRAMMAR,
  REGISTERED_MODEL_ORDER,
} from '../../search/grammars.ts';
import { parseOrder } from '../../search/order-by.ts';
import { makePageToken, readPageToken } from '../../search/page-token.ts';
import { compare, hasKey, isOwn, joinConditions, type Condition } from '../conditions.ts';
import type { TrackingDatabase } from '../database.ts';
import {
  DELETED_STAGE,
  REGISTERED_COLUMNS,
  toRegisteredModel,
  toVersion,
  VERSION_COLUMNS,
  type ModelRow,
  type VersionRow,
} from './registry-rows.ts';

/** Prompts live in the same tables as models; this tag tells them apart. */
export const PROMPT_TAG = 'mlflow.prompt.is_prompt';

export function searchRegisteredModels(db: TrackingDatabase, request: SearchRegistry): Page<RegisteredModel> {
  const tags = { name: 'registered_model_tags', owner: 't.name = m.name' };
  const clauses = parseFilter(request.filter, REGISTERED_MODEL_GRAMMAR);
  const own = isOwn(db, 'registered_models', 'm');
  const where = makeWhere(own, clauses, tags, (clause) => compare(`m.${clause.key}`, clause));
  const order = makeOrder('m', request.order_by ?? [], REGISTERED_MODEL_ORDER, ['name']);
  const count = checkCount(
    request.max_results ?? MLFLOW_DEFAULT_RESULTS.registeredModels,
    MLFLOW_LIMITS.searchRegisteredModels,
  );
  return readPage(count, request.page_token, (limit, offset) =>
    db
      .all<ModelRow>(
        `SELECT ${REGISTERED_COLUMNS} FROM registered_models m WHERE ${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?`,
        ...where.values,
        limit,
        offset,
      )
      .map((row) => toRegisteredModel(db, row)),
  );
}

export function searchModelVersions(db: TrackingDatabase, request: SearchRegistry): Page<ModelVersion> {
  const tags = { name: 'model_version_tags', owner: 't.name = m.name AND t.version = m.version' };
  const attributes = MODEL_VERSION_GRAMMAR.attributes;
  const clauses = parseFilter(request.filter, MODEL_VERSION_GRAMMAR);
  const where = makeWhere(isOwn(db, 'model_versions', 'm'), clauses, tags, (clause) => {
    if (clause.key === 'version_number' && !Number.isInteger(clause.value))
      throw invalidParameter(`Invalid value for numeric attribute '${clause.key}': ${String(clause.value)}`);
    return compare(`m.${attributes[clause.key as keyof typeof attributes].column}`, clause);
  });
  const items = request.order_by?.length
    ? request.order_by
    : ['last_updated_timestamp DESC', 'name', 'version_number DESC'];
  const order = makeOrder('m', items, MODEL_VERSION_ORDER, ['name', 'version DESC']);
  const count = checkCount(
    request.max_results ?? MLFLOW_DEFAULT_RESULTS.modelVersions,
    MLFLOW_LIMITS.searchModelVersions,
  );
  const columns = VERSION_COLUMNS.replaceAll('v.', 'm.');
  return readPage(count, request.page_token, (limit, offset) =>
    db
      .all<VersionRow>(
        `SELECT ${columns} FROM model_versions m WHERE ${where.sql} AND m.current_stage <> ? ORDER BY ${order} LIMIT ? OFFSET ?`,
        ...where.values,
        DELETED_STAGE,
        limit,
        offset,
      )
      .map((row) => toVersion(db, row)),
  );
}

function checkCount(count: number, limit: number): number {
  if (count < 1)
    throw invalidParameter(`Invalid value for max_results. It must be a positive integer, but got ${count}`);
  if (count <= limit) return count;
  throw invalidParameter(
    `Invalid value for request parameter max_results. It must be at most ${limit}, but got value ${count}`,
  );
}

function readPage<T>(
  count: number,
  token: string | undefined,
  read: (limit: number, offset: number) => T[],
): Page<T> {
  const offset = readPageToken(token);
  const items = read(count + 1, offset);
  return items.length > count
    ? { items: items.slice(0, count), token: makePageToken(offset + count) }
    : { items };
}

function makeWhere(
  own: Condition,
  clauses: readonly Clause[],
  tags: { readonly name: string; readonly owner: string },
  compareAttribute: (clause: Clause) => Condition,
): Condition {
  const isForPrompts = clauses.some(
    ({ kind, key, comparator, value }) =>
      kind === 'tag' &&
      key === PROMPT_TAG &&
      ((comparator === '=' && String(value).toLowerCase() === 'true') ||
        (comparator === '!=' && String(value).toLowerCase() === 'false')),
  );
  const kept = clauses.filter(({ kind, key }) => isForPrompts || kind !== 'tag' || key !== PROMPT_TAG);
  const noPrompts = {
    sql: `NOT EXISTS (SELECT 1 FROM ${tags.name} t WHERE t.name = m.name AND t.key = '${PROMPT_TAG}' AND t.value = 'true')`,
    values: [],
  };
  return joinConditions([
    own,
    ...kept.map((clause) => (clause.kind === 'tag' ? hasKey(tags, clause) : compareAttribute(clause))),
    ...(isForPrompts ? [] : [noPrompts]),
  ]);
}

function makeOrder(
  alias: string,
  items: readonly string[],
  grammar: Pick<SearchGrammar, 'entities' | 'attributes'>,
  tail: readonly string[],
): string {
  const orders = parseOrder(items, grammar).map(({ kind, key, isAscending }) => {
    if (kind !== 'attribute') throw invalidParameter(`Invalid order_by entity: ${kind}`);
    return { column: grammar.attributes[key]!.column, way: isAscending ? 'ASC' : 'DESC' };
  });
  const rest = tail.filter((item) => !orders.some(({ column }) => column === item.split(' ')[0]));
  return [
    ...orders.map(({ column, way }) => `${alias}.${column} ${way}`),
    ...rest.map((item) => `${alias}.${item}`),
  ].join(', ');
}
