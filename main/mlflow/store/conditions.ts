import type { Clause } from '../search/clause.ts';
import { placeholders, type SqlValue, type TrackingDatabase } from './database.ts';

/** A piece of SQL with the values for its placeholders. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** `column comparator value`. LIKE is case-sensitive, ILIKE is not. */
export function compare(column: string, { comparator, value }: Clause): Condition {
  if (typeof value === 'object')
    return { sql: `${column} ${comparator} (${placeholders(value.length)})`, values: value };
  if (comparator === 'ILIKE') return { sql: `lower(${column}) LIKE lower(?)`, values: [value ?? null] };
  return { sql: `${column} ${comparator} ?`, values: [value ?? null] };
}

/**
 * That a thing has a key with a value that fits: in `table`, `owner` ties a row to the thing. With IS NULL, that it
 * has no such key; what lacks the key fits no other comparison, not even !=.
 */
export function hasKey(
  table: { readonly name: string; readonly owner: string; readonly key?: string; readonly value?: string },
  clause: Clause,
  extra = '',
): Condition {
  const { name, owner, key = 'key', value = 'value' } = table;
  const exists = `EXISTS (SELECT 1 FROM ${name} t WHERE ${owner} AND t.${key} = ?`;
  if (clause.comparator === 'IS NULL') return { sql: `NOT ${exists})`, values: [clause.key] };
  if (clause.comparator === 'IS NOT NULL') return { sql: `${exists})`, values: [clause.key] };
  const fits = compare(`t.${value}`, clause);
  const condition = extra === '' ? fits.sql : extra.replace('?', fits.sql);
  return { sql: `${exists} AND ${condition})`, values: [clause.key, ...fits.values] };
}

/** The list after IN for any number of values: they are one value, JSON, and the statement's text stays the same. */
export const ANY_OF = '(SELECT value FROM json_each(?))';

/** `column IN (values)`. */
export function isAnyOf(column: string, values: readonly number[]): Condition {
  return { sql: `${column} IN ${ANY_OF}`, values: [JSON.stringify(values)] };
}

/** That a row is of the default workspace, the only one of this store; databases before MLflow 3.10 have none. */
export function isOwn(db: TrackingDatabase, table: string, alias: string): Condition {
  const sql = db.hasColumn(table, 'workspace') ? `${alias}.workspace = 'default'` : 'TRUE';
  return { sql, values: [] };
}

/** All conditions, with their values in order. */
export function joinConditions(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND '),
    values: conditions.flatMap(({ values }) => [...values]),
  };
}
