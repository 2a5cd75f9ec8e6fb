import { z } from 'zod';
import { sendingPolicy, type SendingPolicy } from '../../../common/api/remotes.ts';
import { FaultError } from '../../../common/fault.ts';
import type { SqlValue, TrackingDatabase } from '../store/database.ts';

/** A server that runs are sent to. Its token or password is not here. */
export interface RemoteEntry {
  readonly name: string;
  readonly url: string;
  readonly credentials: 'none' | 'token' | 'password' | 'environment';
  readonly username?: string;
  /** The environment variable that holds the token. */
  readonly variable?: string;
  /** PEM text. */
  readonly ca?: string;
  /** Any certificate will do: for trying things out. */
  readonly insecureTls?: boolean;
  readonly policy: SendingPolicy;
}

/** How the last tries to reach it went. Times are milliseconds since 1970. */
export interface RemoteHealth {
  /** Why it could not be reached, or refused us; undefined when the last try worked. */
  readonly problem?: string;
  /** Somebody has to change something: the address, the token, the certificate. */
  readonly isRefused: boolean;
  readonly failures: number;
  readonly lastTryAt?: number;
  readonly nextTryAt?: number;
}

interface Row {
  readonly name: string;
  readonly url: string;
  readonly credentials: RemoteEntry['credentials'];
  readonly username: string | null;
  readonly variable: string | null;
  readonly ca: string | null;
  readonly insecure_tls: number;
  readonly policy: string;
  readonly problem: string | null;
  readonly is_refused: number;
  readonly failures: number;
  readonly last_try_at: number | null;
  readonly next_try_at: number | null;
}

const NAME = /^[A-Za-z0-9][\w.-]{0,49}$/;
/** What goes with a remote. */
const TABLES = ['experiments', 'runs', 'artifacts', 'held_back', 'models', 'versions', 'registered'] as const;

/** Which servers runs are sent to. */
export class RemoteBook {
  readonly #db: TrackingDatabase;

  constructor(db: TrackingDatabase) {
    this.#db = db;
  }

  list(): readonly RemoteEntry[] {
    return this.#db.all<Row>('SELECT * FROM remotes ORDER BY name').map(toEntry);
  }

  /** @throws FaultError `usage` for a name that is not known */
  get(name: string): RemoteEntry {
    return toEntry(this.#row(name));
  }

  /** @throws FaultError `usage` for a name that does not fit, `already-exists` for one that is taken */
  add(entry: RemoteEntry): void {
    if (!NAME.test(entry.name))
      throw new FaultError({
        code: 'usage',
        argument: 'NAME',
        message: `A remote cannot be called ${JSON.stringify(entry.name)}.`,
        allowed: 'up to 50 letters, digits, ".", "-" and "_", a letter or digit first',
      });
    this.#db.write(() => {
      if (this.list().some(({ name }) => name === entry.name))
        throw new FaultError({
          code: 'already-exists',
          argument: 'NAME',
          message: `There is a remote ${entry.name} already.`,
          allowed: 'another name, or to remove that one first',
        });
      const { name, url, credentials, username, variable, ca, insecureTls, policy } = entry;
      this.#db.run(
        `INSERT INTO remotes (name, url, credentials, username, variable, ca, insecure_tls, policy)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[
          name,
          url,
          credentials,
          username ?? null,
          variable ?? null,
          ca ?? null,
          insecureTls === true ? 1 : 0,
          JSON.stringify(policy),
        ],
      );
    });
  }

  /** What was held back before is looked at again. */
  setPolicy(name: string, policy: SendingPolicy): void {
    this.get(name);
    this.#db.write(() => {
      this.#db.run('UPDATE remotes SET policy = ? WHERE name = ?', JSON.stringify(policy), name);
      this.#db.run(`UPDATE runs SET state = 'waiting', reason = NULL, told = NULL WHERE remote = ?`, name);
      this.#db.run('UPDATE models SET told = NULL WHERE remote = ?', name);
      this.#db.run('DELETE FROM registered WHERE remote = ?', name);
    });
  }

  /** Forgets a server and what was sent there; the runs there stay. */
  remove(name: string): void {
    this.get(name);
    this.#db.write(() => {
      for (const table of TABLES) this.#db.run(`DELETE FROM ${table} WHERE remote = ?`, name);
      this.#db.run('DELETE FROM remotes WHERE name = ?', name);
    });
  }

  health(name: string): RemoteHealth {
    const row = this.#row(name);
    return {
      isRefused: row.is_refused === 1,
      failures: row.failures,
      ...defined({
        problem: row.problem,
        lastTryAt: row.last_try_at,
        nextTryAt: row.next_try_at,
      }),
    };
  }

  setHealth(name: string, { problem, isRefused, failures, lastTryAt, nextTryAt }: RemoteHealth): void {
    const values: SqlValue[] = [
      problem ?? null,
      isRefused ? 1 : 0,
      failures,
      lastTryAt ?? null,
      nextTryAt ?? null,
    ];
    this.#db.write(() =>
      this.#db.run(
        `UPDATE remotes SET problem = ?, is_refused = ?, failures = ?, last_try_at = ?, next_try_at = ? WHERE name = ?`,
        ...values,
        name,
      ),
    );
  }

  #row(name: string): Row {
    const row = this.#db.get<Row>('SELECT * FROM remotes WHERE name = ?', name);
    if (row !== undefined) return row;
    const names = this.list().map((entry) => entry.name);
    throw new FaultError({
      code: 'usage',
      argument: 'NAME',
      message: `There is no remote ${name}.`,
      allowed: names.length === 0 ? 'a remote that was added before' : names.join(', '),
    });
  }
}

const storedPolicy = z.preprocess((text) => JSON.parse(String(text)), sendingPolicy);

function toEntry(row: Row): RemoteEntry {
  const { name, url, credentials, username, variable, ca } = row;
  return {
    name,
    url,
    credentials,
    policy: storedPolicy.parse(row.policy),
    ...defined({ username, variable, ca }),
    ...(row.insecure_tls === 1 ? { insecureTls: true } : {}),
  };
}

/** Without what SQLite has no value for. */
function defined<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
