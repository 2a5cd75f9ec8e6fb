import type { Run } from '../../../common/mlflow/entities.ts';
import { invalidParameter } from '../../../common/mlflow/error.ts';
import { MLFLOW_DEFAULT_RESULTS, MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import type { Page, SearchRuns } from '../../../common/mlflow/requests.ts';
import { MLFLOW_TAGS } from '../../../common/mlflow/tag-names.ts';
import { parseFilter, type Clause } from '../search/clause.ts';
import { RUN_GRAMMAR } from '../search/grammars.ts';
import { parseOrder, type Order } from '../search/order-by.ts';
import { makePageToken, readPageToken } from '../search/page-token.ts';
import { checkMaxResults } from '../validation/entities.ts';
import { parseExperimentId } from '../validation/names.ts';
import { compare, hasKey, isAnyOf, joinConditions, type Condition } from './conditions.ts';
import { placeholders, type SqlValue, type TrackingDatabase } from './database.ts';
import { stagesOf } from './search-experiments.ts';
import { readRuns, RUN_COLUMNS, type RunRow } from './run-rows.ts';
import { readRunTexts, type RunText } from './run-texts.ts';

const OWNER = 't.run_uuid = r.run_uuid';
const TABLES = { metric: 'latest_metrics', parameter: 'params', tag: 'tags' } as const;

/** The runs of some experiments that fit a filter, newest first unless an order is given. */
export function searchRuns(db: TrackingDatabase, request: SearchRuns): Page<Run> {
  return db.read(() => {
    const { items, token } = findRuns<RunRow>(db, request, RUN_COLUMNS);
    return { items: readRuns(db, items), token };
  });
}

/** How many runs are read, and held, at once. */
const RUNS_IN_PIECE = 25;

/** What a search finds, close to the text that is sent of it. */
export interface FoundRuns {
  /** The runs, some at a time: each run is of one state of the database, all of them need not be. */
  readonly pieces: Iterable<readonly RunText[]>;
  /** Of the next page. */
  readonly token: string | undefined;
}

/** As {@link searchRuns}, for the many runs that are sent rather than worked with. */
export function searchRunTexts(db: TrackingDatabase, request: SearchRuns): FoundRuns {
  const { items, token } = findRuns<{ run_uuid: string }>(db, request, 'r.run_uuid');
  return { pieces: readPieces(db, items), token };
}

function* readPieces(
  db: TrackingDatabase,
  found: readonly { run_uuid: string }[],
): Generator<readonly RunText[]> {
  for (let begin = 0; begin < found.length; begin += RUNS_IN_PIECE) {
    const piece = found.slice(begin, begin + RUNS_IN_PIECE);
    yield readRunTexts(
      db,
      piece.map(({ run_uuid }) => run_uuid),
    );
  }
}

/** The rows of runs that fit, of a page. */
function findRuns<Row>(db: TrackingDatabase, request: SearchRuns, columns: string): Page<Row> {
  const count = checkMaxResults(
    request.max_results ?? MLFLOW_DEFAULT_RESULTS.runs,
    MLFLOW_LIMITS.searchResults,
  );
  const clauses = parseFilter(request.filter, RUN_GRAMMAR).map(makeCondition);
  const order = makeOrder(request.order_by ?? []);
  const offset = readPageToken(request.page_token);
  const ids = request.experiment_ids.map(parseExperimentId);
  const stages = stagesOf(request.run_view_type);
  const { sql, values } = joinConditions([
    isAnyOf('r.experiment_id', ids),
    { sql: `r.lifecycle_stage IN (${placeholders(stages.length)})`, values: stages },
    ...clauses,
  ]);
  const rows = db.all<Row>(
    `SELECT ${columns} FROM runs r ${order.joins} WHERE ${sql} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
    ...order.values,
    ...values,
    count + 1,
    offset,
  );
  if (rows.length <= count) return { items: rows };
  return { items: rows.slice(0, count), token: makePageToken(offset + count) };
}

function columnOf(key: string): string {
  return RUN_GRAMMAR.attributes[key as keyof typeof RUN_GRAMMAR.attributes].column;
}

function makeCondition(clause: Clause): Condition {
  const { kind, key, comparator } = clause;
  switch (kind) {
    case 'attribute': {
      const column = columnOf(key);
      // runs of old clients have their name in the tag alone
      if (column !== 'name') return compare(`r.${column}`, clause);
      return hasKey({ name: 'tags', owner: OWNER }, { ...clause, key: MLFLOW_TAGS.runName });
    }
    case 'metric':
      // a NaN is unequal to every number and fits nothing else; it is stored as 0
      return hasKey(
        { name: TABLES.metric, owner: OWNER },
        clause,
        comparator === '!=' ? '(? OR t.is_nan = 1)' : '(? AND t.is_nan = 0)',
      );
    case 'dataset':
      return usesDataset(clause);
    default:
      return hasKey({ name: TABLES[kind], owner: OWNER }, clause);
  }
}

function usesDataset(clause: Clause): Condition {
  const fits = compare(clause.key === 'context' ? 't.value' : `d.${clause.key}`, clause);
  const tag =
    clause.key === 'context'
      ? `JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = '${MLFLOW_TAGS.dataContext}'`
      : '';
  return {
    sql: `EXISTS (SELECT 1 FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id ${tag}
          WHERE i.destination_id = r.run_uuid AND ${fits.sql})`,
    values: fits.values,
  };
}

interface OrderSql {
  readonly joins: string;
  readonly sql: string;
  /** For the joins. */
  readonly values: readonly SqlValue[];
}

/** Runs without the value, and those with NaN, come last; the rest is by start, newest first, then by id. */
function makeOrder(items: readonly string[]): OrderSql {
  const orders = parseOrder(items, RUN_GRAMMAR);
  const joins: string[] = [];
  const values: string[] = [];
  const parts = orders.flatMap((order, at) => {
    const column = joinForOrder(order, `o${at}`, joins, values);
    const missing =
      order.kind === 'metric'
        ? `CASE WHEN o${at}.is_nan = 1 THEN 1 WHEN ${column} IS NULL THEN 2 ELSE 0 END`
        : `${column} IS NULL`;
    return [missing, `${column} ${order.isAscending ? 'ASC' : 'DESC'}`];
  });
  const isByStart = orders.some(({ kind, key }) => kind === 'attribute' && columnOf(key) === 'start_time');
  const tail = isByStart ? ['r.run_uuid'] : ['r.start_time DESC', 'r.run_uuid'];
  return { joins: joins.join(' '), sql: [...parts, ...tail].join(', '), values };
}

function joinForOrder({ kind, key }: Order, alias: string, joins: string[], values: string[]): string {
  if (kind === 'attribute') return `r.${columnOf(key)}`;
  if (kind === 'dataset') throw invalidParameter(`Invalid identifier type '${kind}'`);
  joins.push(`LEFT JOIN ${TABLES[kind]} ${alias} ON ${alias}.run_uuid = r.run_uuid AND ${alias}.key = ?`);
  values.push(key);
  return `${alias}.value`;
}
