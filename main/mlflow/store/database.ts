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

  /**
   * The rows in chunks, each row a list of its values, for results that are too long to be held. The statement is this
   * call's own: others may use the database meanwhile.
   */
  *readChunks<Row extends readonly SqlValue[]>(
    size: number,
    sql: string,
    ...values: readonly SqlValue[]
  ): Generator<Row[]> {
    const statement = this.#guard(() => this.#connection.prepare(sql));
    statement.setReturnArrays(true);
    const rows = this.#guard(() => statement.iterate(...values)) as unknown as Iterator<Row>;
    const takeChunk = (): Row[] => {
      const chunk: Row[] = [];
      while (chunk.length < size) {
        const next = rows.next();
        if (next.done === true) break;
        chunk.push(next.value);
      }
      return chunk;
    };
    try {
      for (let isLast = false; !isLast;) {
        const chunk = this.#guard(takeChunk);
        isLast = chunk.length < size;
        if (chunk.length > 0) yield chunk;
      }
    } finally {
      rows.return?.();
    }
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

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      // searches have as many texts as there are filters: those are kept by SQLite no longer than by their users
      if (this.#statements.size >= MOST_STATEMENTS)
        this.#statements.delete(this.#statements.keys().next().value!);
      this.#statements.set(sql, statement);
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
