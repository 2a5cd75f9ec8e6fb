import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { FaultError, type Fault } from '../../../common/fault.ts';
import { asStoreFault, DATABASE_FILE } from './store-fault.ts';

export type SqlValue = SQLInputValue;
export type SqlRow = Record<string, SqlValue>;

/**
 * The tracking database of one connection: statements are prepared once, a write is one transaction, what SQLite
 * reports is a fault that names the file.
 */
export class TrackingDatabase {
  readonly #connection: DatabaseSync;
  readonly #file: string;
  readonly #statements = new Map<string, StatementSync>();
  readonly #columns = new Map<string, ReadonlySet<string>>();
  readonly #indexes = new Map<string, boolean>();
  /** Why nothing can be written; undefined for a store that can. */
  readonly readOnly: Fault | undefined;

  /** @param file what faults call it */
  constructor(connection: DatabaseSync, readOnly?: Fault, file = DATABASE_FILE) {
    this.#connection = connection;
    this.#file = file;
    this.readOnly = readOnly;
  }

  all<T = SqlRow>(sql: string, ...values: readonly SqlValue[]): T[] {
    return this.#guard(() => this.#prepare(sql).all(...values) as T[]);
  }

  get<T = SqlRow>(sql: string, ...values: readonly SqlValue[]): T | undefined {
    return this.#guard(() => this.#prepare(sql).get(...values) as T | undefined);
  }

  /** The rows, each a list of its values in the order of the columns: of many rows, objects take twice the time. */
  lists<Row extends readonly SqlValue[]>(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.#guard(() => this.#prepare(sql, true).all(...values) as unknown as Row[]);
  }

  /** Runs a statement that writes; gives the number of rows changed and the last row id. */
  run(sql: string, ...values: readonly SqlValue[]): { changes: number; lastId: number } {
    const { changes, lastInsertRowid } = this.#guard(() => this.#prepare(sql).run(...values));
    return { changes: Number(changes), lastId: Number(lastInsertRowid) };
  }

  /**
   * Runs `body` in one transaction: all of it is written or, when it throws, nothing. A write within a write joins it.
   *
   * @throws {FaultError} where nothing can be written: read-only, locked by another program, disk full.
   */
  write<T>(body: () => T): T {
    if (this.#connection.isTransaction) return body();
    if (this.readOnly !== undefined) throw new FaultError(this.readOnly);
    return this.#transact('BEGIN IMMEDIATE', body);
  }

  /** Runs `body` on one state of the database, whatever others write meanwhile. */
  read<T>(body: () => T): T {
    return this.#connection.isTransaction ? body() : this.#transact('BEGIN', body);
  }

  /** Whether a table has a column: older databases lack some, which then read as empty. */
  hasColumn(table: string, column: string): boolean {
    let columns = this.#columns.get(table);
    if (columns === undefined) {
      columns = new Set(this.all<{ name: string }>(`PRAGMA table_info(${table})`).map(({ name }) => name));
      this.#columns.set(table, columns);
    }
    return columns.has(column);
  }

  /** Whether there is an index: older databases lack some. */
  hasIndex(name: string): boolean {
    let isThere = this.#indexes.get(name);
    if (isThere === undefined) {
      isThere = this.get(`SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?`, name) !== undefined;
      this.#indexes.set(name, isThere);
    }
    return isThere;
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  #transact<T>(begin: string, body: () => T): T {
    return this.#guard(() => {
      this.#connection.exec(begin);
      try {
        const result = body();
        this.#connection.exec('COMMIT');
        return result;
      } catch (error) {
        // SQLite has rolled back by itself after some errors
        if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
        throw error;
      }
    });
  }

  #prepare(sql: string, asLists = false): StatementSync {
    const key = asLists ? `lists: ${sql}` : sql;
    let statement = this.#statements.get(key);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      statement.setReturnArrays(asLists);
      // searches have as many texts as there are filters: those are kept by SQLite no longer than by their users
      if (this.#statements.size >= MOST_STATEMENTS)
        this.#statements.delete(this.#statements.keys().next().value!);
      this.#statements.set(key, statement);
    }
    return statement;
  }

  #guard<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      throw asStoreFault(error, this.#file);
    }
  }
}

const MOST_STATEMENTS = 200;

/** `?, ?, ?` for a list of `count` values. */
export const placeholders = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
